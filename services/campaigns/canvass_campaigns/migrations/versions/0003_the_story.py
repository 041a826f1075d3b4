"""What journeys saw and passed, who arrives from segments, and how many did what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

SCHEMA = "campaigns"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    widen_journeys()
    create_passages()
    create_tallies()
    create_memory()
    create_arrivals()
    op.create_table(
        "generation",
        sa.Column("only", sa.Boolean, server_default="true", nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("only", name="pk_generation"),
        schema=SCHEMA,
    )


def widen_journeys() -> None:
    for name in ("seen", "settled", "missed"):
        column = sa.Column(name, postgresql.JSONB, server_default="{}", nullable=False)
        op.add_column("journeys", column, schema=SCHEMA)
    op.add_column("journeys", sa.Column("decides_at", TIME), schema=SCHEMA)
    op.add_column("journeys", sa.Column("began_by", sa.Uuid), schema=SCHEMA)
    op.create_index(
        "ix_journeys_campaign_decides_at",
        "journeys",
        ["campaign", "decides_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("decides_at IS NOT NULL"),
    )
    op.create_index(
        "ix_journeys_campaign_version",
        "journeys",
        ["campaign", "version"],
        schema=SCHEMA,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def create_passages() -> None:
    op.create_table(
        "passages",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("journey_id", sa.Uuid, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("arrived_at", TIME, nullable=False),
        sa.Column("happened_at", TIME),
        sa.Column("because", sa.Uuid),
        sa.Column("visit", sa.SmallInteger, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("values", postgresql.JSONB),
        sa.PrimaryKeyConstraint("contact_id", "journey_id", "at", "step", name="pk_passages"),
        schema=SCHEMA,
        postgresql_partition_by="RANGE (at)",
    )


def create_tallies() -> None:
    op.create_table(
        "tallies",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("summed", sa.Boolean, server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tallies"),
        schema=SCHEMA,
    )
    op.create_index("ix_tallies_campaign", "tallies", ["campaign"], schema=SCHEMA)
    op.create_index(
        "ix_tallies_unsummed", "tallies", ["id"], schema=SCHEMA, postgresql_where=sa.text("NOT summed")
    )


def create_memory() -> None:
    op.create_table(
        "memory",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("heard_at", TIME, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "campaign", "step", "event_id", name="pk_memory"),
        schema=SCHEMA,
    )
    op.create_index("ix_memory_heard_at", "memory", ["heard_at"], schema=SCHEMA)


def create_arrivals() -> None:
    op.create_table(
        "arrivals",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("contact_revision", sa.BigInteger, nullable=False),
        sa.Column("because", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "campaign", "segment", name="pk_arrivals"),
        schema=SCHEMA,
    )
    op.create_index("ix_arrivals_campaign", "arrivals", ["campaign"], schema=SCHEMA)
