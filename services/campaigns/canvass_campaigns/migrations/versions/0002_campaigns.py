"""Campaigns, their versions and journeys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

SCHEMA = "campaigns"


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("status", sa.Text, server_default="draft", nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("version", sa.Integer),
        sa.PrimaryKeyConstraint("key", name="pk_campaigns"),
        schema=SCHEMA,
    )
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("merged_into", sa.Uuid),
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
        "journeys",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("entry", sa.Integer, nullable=False),
        sa.Column("journey_id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("positions", postgresql.JSONB, nullable=False),
        sa.Column("visits", postgresql.JSONB, nullable=False),
        sa.Column("wakes_at", sa.DateTime(timezone=True)),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.Text),
        sa.PrimaryKeyConstraint("contact_id", "campaign", "entry", name="pk_journeys"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_journeys_campaign_began_at_journey_id",
        "journeys",
        ["campaign", "began_at", "journey_id"],
        schema=SCHEMA,
    )
    op.create_index(
        "ix_journeys_campaign_wakes_at",
        "journeys",
        ["campaign", "wakes_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("wakes_at IS NOT NULL"),
    )
    op.create_index("ix_journeys_journey_id", "journeys", ["journey_id"], unique=True, schema=SCHEMA)
    op.create_table(
        "memberships",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("member", sa.Boolean, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "segment", name="pk_memberships"),
        schema=SCHEMA,
    )
    op.create_table(
        "sources",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "campaign", name="pk_sources"),
        schema=SCHEMA,
    )
    op.create_index("ix_sources_campaign", "sources", ["campaign"], schema=SCHEMA)
    op.create_table(
        "versions",
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "version", name="pk_versions"),
        schema=SCHEMA,
    )
