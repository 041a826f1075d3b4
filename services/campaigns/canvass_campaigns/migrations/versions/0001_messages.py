"""What is said, heard and set aside, and answers that repeated requests get again."""

import sqlalchemy as sa
from alembic import op
from canvass_messaging.migration_steps import create_tables
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_tables("campaigns")
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("answer", postgresql.JSONB),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency_keys"),
        schema="campaigns",
    )
    op.create_index("ix_idempotency_keys_asked_at", "idempotency_keys", ["asked_at"], schema="campaigns")
