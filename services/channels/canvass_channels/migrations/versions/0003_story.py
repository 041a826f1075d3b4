"""Four channels and three who want messages; destinations, consents, and the built-in outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

SCHEMA = "channels"
ONLY_OF_CAMPAIGNS = ("template", "campaign", "version", "journey_id", "step", "visit")


def upgrade() -> None:
    _widen()
    _widen_deliveries()
    _create()


def _widen() -> None:
    for table, column in (
        ("contacts", sa.Column("phone", sa.Text)),
        ("contacts", sa.Column("tags", postgresql.JSONB, server_default="[]", nullable=False)),
        ("templates", sa.Column("channel", sa.Text, server_default="email", nullable=False)),
        ("templates", sa.Column("sender", sa.Text)),
        ("senders", sa.Column("account", sa.Text)),
        ("senders", sa.Column("token", sa.Text)),
    ):
        op.add_column(table, column, schema=SCHEMA)


def _widen_deliveries() -> None:
    for column in (
        sa.Column("wanted_by", sa.Text, server_default="campaigns", nullable=False),
        sa.Column("destination", sa.Text),
        sa.Column("trigger", sa.Text),
        sa.Column("form", sa.Text),
        sa.Column("values", postgresql.JSONB, server_default="{}", nullable=False),
    ):
        op.add_column("deliveries", column, schema=SCHEMA)
    for name in ONLY_OF_CAMPAIGNS:
        op.alter_column("deliveries", name, nullable=True, schema=SCHEMA)


def _create() -> None:
    op.create_table(
        "consents",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "channel", name="pk_consents"),
        schema=SCHEMA,
    )
    op.create_table(
        "destinations",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("secret", sa.Text),
        sa.Column("recipients", postgresql.JSONB, server_default="[]", nullable=False),
        sa.Column("subject", sa.Text),
        sa.Column("text", sa.Text),
        sa.Column("disabled", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_destinations"),
        schema=SCHEMA,
    )
    op.create_table(
        "shelf",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("contact_id", sa.Uuid),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("template", sa.Text),
        sa.Column("recipients", postgresql.JSONB, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text),
        sa.Column("headers", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shelf"),
        schema=SCHEMA,
    )
    op.create_index("ix_shelf_kept_at_id", "shelf", ["kept_at", "id"], schema=SCHEMA)
