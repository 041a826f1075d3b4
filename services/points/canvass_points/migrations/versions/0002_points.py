"""What contacts earn by what, and their scores."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SCHEMA = "points"


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("merged_into", sa.Uuid),
        sa.Column("score", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("score_revision", sa.BigInteger, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_contacts"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_contacts_merged_into",
        "contacts",
        ["merged_into"],
        schema=SCHEMA,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_table(
        "actions",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_actions"),
        schema=SCHEMA,
    )
    op.create_table(
        "ledger",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("action_revision", sa.BigInteger, nullable=False),
        sa.Column("delta", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "at", "event_id", "action", name="pk_ledger"),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (at)",
    )
