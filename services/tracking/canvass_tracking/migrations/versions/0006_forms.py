"""Forms, and what of them waits to be confirmed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

SCHEMA = "tracking"


def upgrade() -> None:
    op.create_table(
        "forms",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, server_default="1", nullable=False),
        sa.Column("document", postgresql.JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_forms"),
        schema=SCHEMA,
    )
    op.create_table(
        "confirmations",
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("submission_id", sa.Text, nullable=False),
        sa.Column("filled", postgresql.JSONB, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_confirmations"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_confirmations_contact_id_form_asked_at",
        "confirmations",
        ["contact_id", "form", "asked_at"],
        schema=SCHEMA,
    )
    op.create_index("ix_confirmations_asked_at", "confirmations", ["asked_at"], schema=SCHEMA)
