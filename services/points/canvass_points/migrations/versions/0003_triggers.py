"""Triggers and who has set them off, what is earned once, and points given by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

SCHEMA = "points"


def upgrade() -> None:
    op.create_table(
        "triggers",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_triggers"),
        schema=SCHEMA,
    )
    op.create_table(
        "earned_once",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "action", name="pk_earned_once"),
        schema=SCHEMA,
    )
    op.create_table(
        "fired",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
        sa.Column("score_revision", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "trigger", name="pk_fired"),
        schema=SCHEMA,
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("answer", JSONB),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency_keys"),
        schema=SCHEMA,
    )
    op.create_index("ix_idempotency_keys_asked_at", "idempotency_keys", ["asked_at"], schema=SCHEMA)
    for name in ("reason", "adjusted_by"):
        op.add_column("ledger", sa.Column(name, sa.Text), schema=SCHEMA)
    reached = sa.Column("reached", sa.BigInteger, server_default="0", nullable=False)
    known = sa.Column("known", sa.Boolean, server_default="false", nullable=False)
    for column in (reached, known):
        op.add_column("contacts", column, schema=SCHEMA)
    # What was reached before there were triggers sets none off.
    op.execute("UPDATE points.contacts SET reached = score WHERE score <> 0")
