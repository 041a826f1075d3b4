"""Migrations of the messaging tables: one function a step, called by a revision in each service's tree.

A step is frozen once it is released. A change of `tables` is a new function here, and a revision in every
service that calls it; each service's test that its heads equal its tables holds this. After the first, these
revisions are a line of their own (`messages_0002`) beside the service's: neither waits for the other.
"""

import sqlalchemy as sa
from alembic import op


def create_tables(schema: str) -> None:
    """Step 1: what is said, heard, set aside, and how far others have spoken."""
    op.create_table(
        "inbox",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("day", "message_id", name="pk_inbox"),
        schema=schema,
        postgresql_partition_by="RANGE (day)",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        schema=schema,
        postgresql_with={"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 1000},
    )
    op.create_index("ix_outbox_lane_id", "outbox", ["lane", "id"], schema=schema)
    op.create_table(
        "retries",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid),
        sa.Column("contact_id", sa.Uuid),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("attempt", sa.SmallInteger, server_default="0", nullable=False),
        sa.Column("deaths", sa.SmallInteger, server_default="0", nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("needs_revision", sa.BigInteger),
        sa.Column("parked_at", sa.DateTime(timezone=True)),
        sa.Column("discarded_at", sa.DateTime(timezone=True)),
        sa.Column("discarded_because", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_retries"),
        schema=schema,
        postgresql_with={"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 1000},
    )
    op.create_index(
        "ix_retries_contact_id",
        "retries",
        ["contact_id"],
        schema=schema,
        postgresql_where=sa.text("needs_revision IS NOT NULL"),
    )
    op.create_index(
        "ix_retries_next_at",
        "retries",
        ["next_at"],
        schema=schema,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_retries_parked_at_id",
        "retries",
        ["parked_at", "id"],
        schema=schema,
        postgresql_where=sa.text("parked_at IS NOT NULL"),
    )
    op.create_table(
        "watermarks",
        sa.Column("speaker", sa.Text, nullable=False),
        sa.Column("said_through", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("speaker", name="pk_watermarks"),
        schema=schema,
    )


def create_clock(schema: str) -> None:
    """Step 2: by how much the present has been turned."""
    op.create_table(
        "clock",
        sa.Column("one", sa.Boolean, server_default="true", nullable=False),
        sa.Column("turned_by", sa.Interval, nullable=False),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_clock"),
        sa.CheckConstraint("one", name="ck_clock_one"),
        schema=schema,
    )
