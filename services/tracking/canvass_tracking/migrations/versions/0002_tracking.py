"""Sources, contacts, what leads to them, and what was taken."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

SCHEMA = "tracking"


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer, sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("write_key", sa.Text, nullable=False),
        sa.Column("trusted", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
        sa.UniqueConstraint("key", name="uq_sources_key"),
        sa.UniqueConstraint("write_key", name="uq_sources_write_key"),
        schema=SCHEMA,
    )
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("merged_into", sa.Uuid),
        sa.Column("user_id", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("attributes", postgresql.JSONB, server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("identified_at", sa.DateTime(timezone=True)),
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
        "identities",
        sa.Column("value", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("value", "kind", name="pk_identities"),
        schema=SCHEMA,
    )
    op.create_table(
        "messages",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("mark", sa.Uuid, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("day", "mark", name="pk_messages"),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (day)",
    )
