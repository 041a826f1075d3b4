"""Phones and tags, messages that behaviours react to, windows, what is set by hand, counts, audiences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

SCHEMA = "segments"


def upgrade() -> None:
    op.add_column("contacts", sa.Column("phone", sa.Text), schema=SCHEMA)
    tags = sa.Column("tags", postgresql.JSONB, server_default="[]", nullable=False)
    op.add_column("contacts", tags, schema=SCHEMA)
    op.add_column("behaviours", sa.Column("template", sa.Text), schema=SCHEMA)
    op.add_column("behaviours", sa.Column("campaign", sa.Text), schema=SCHEMA)
    op.add_column("memberships", sa.Column("fixed_at", sa.DateTime(timezone=True)), schema=SCHEMA)
    op.drop_index("ix_memberships_segment_contact_id", "memberships", schema=SCHEMA)
    op.create_index(
        "ix_memberships_segment_contact_id",
        "memberships",
        ["segment", "contact_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("member OR fixed_at IS NOT NULL"),
    )
    op.create_table(
        "reviews",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "segment", name="pk_reviews"),
        schema=SCHEMA,
    )
    op.create_index("ix_reviews_next_at", "reviews", ["next_at"], schema=SCHEMA)
    op.create_table(
        "tallies",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("members", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tallies"),
        schema=SCHEMA,
    )
    op.execute(
        "INSERT INTO segments.tallies (segment, members)"
        " SELECT segment, count(*) FROM segments.memberships WHERE member GROUP BY segment"
    )
    op.create_table(
        "audiences",
        sa.Column("request_id", sa.Uuid, nullable=False),
        sa.Column("segment", sa.Text, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("pages", sa.BigInteger, nullable=False),
        sa.Column("done_through", sa.Uuid, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name="pk_audiences"),
        schema=SCHEMA,
    )
    op.create_index("ix_audiences_asked_at", "audiences", ["asked_at"], schema=SCHEMA)
