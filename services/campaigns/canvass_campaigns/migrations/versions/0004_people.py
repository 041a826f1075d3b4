"""People, by what they come in, and where they put things on the canvas."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

SCHEMA = "campaigns"
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("failures", sa.Integer, server_default="0", nullable=False),
        sa.Column("paused_until", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        schema=SCHEMA,
    )
    op.create_table(
        "links",
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_links"),
        schema=SCHEMA,
    )
    op.create_index("ix_links_person_id", "links", ["person_id"], schema=SCHEMA)
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("hash", name="uq_sessions_hash"),
        schema=SCHEMA,
    )
    for column in ("person_id", "until"):
        op.create_index(f"ix_sessions_{column}", "sessions", [column], schema=SCHEMA)
    op.create_table(
        "layouts",
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("places", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("campaign", name="pk_layouts"),
        schema=SCHEMA,
    )
