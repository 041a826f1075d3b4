"""What contacts did, what segments are, and who belongs where."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

SCHEMA = "segments"


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("merged_into", sa.Uuid),
        sa.Column("user_id", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("attributes", postgresql.JSONB, server_default="{}", nullable=False),
        sa.Column("score", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("score_revision", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("met", sa.Boolean, server_default="false", nullable=False),
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
        "behaviours",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("properties", postgresql.JSONB, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("title", sa.Text),
        sa.PrimaryKeyConstraint("contact_id", "at", "event_id", name="pk_behaviours"),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (at)",
    )
    op.create_table(
        "segments",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_segments"),
        schema=SCHEMA,
    )
    op.create_table(
        "memberships",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("member", sa.Boolean, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "segment", name="pk_memberships"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_memberships_segment_contact_id",
        "memberships",
        ["segment", "contact_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("member"),
    )
    op.create_table(
        "builds",
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("done_through", sa.Uuid, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("barrier", sa.DateTime(timezone=True)),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("segment", name="pk_builds"),
        schema=SCHEMA,
    )
