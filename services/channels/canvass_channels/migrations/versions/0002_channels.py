"""Contacts, templates, senders and the ledger of deliveries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

SCHEMA = "channels"


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("rests", sa.Boolean, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name="pk_campaigns"),
        schema=SCHEMA,
    )
    op.create_table(
        "contacts",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("revision", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("merged_into", sa.Uuid),
        sa.Column("user_id", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("attributes", postgresql.JSONB, server_default="{}", nullable=False),
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
        "deliveries",
        sa.Column("contact_id", sa.Uuid, nullable=False),
        sa.Column("effect_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, server_default="planned", nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.SmallInteger, server_default="0", nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("provider_id", sa.Text),
        sa.Column("message_class", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("template", sa.Text, nullable=False),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("journey_id", sa.Uuid, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("visit", sa.Integer, nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("cause_id", sa.Uuid, nullable=False),
        sa.Column("correlation_id", sa.Uuid, nullable=False),
        sa.Column("hops", sa.SmallInteger, nullable=False),
        sa.Column("traceparent", sa.Text),
        sa.PrimaryKeyConstraint("contact_id", "effect_id", name="pk_deliveries"),
        schema=SCHEMA,
    )
    op.create_index("ix_deliveries_effect_id", "deliveries", ["effect_id"], unique=True, schema=SCHEMA)
    op.create_index(
        "ix_deliveries_lane_due_at",
        "deliveries",
        ["lane", "due_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_index(
        "ix_deliveries_lease_until",
        "deliveries",
        ["lease_until"],
        schema=SCHEMA,
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_table(
        "senders",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("from_address", sa.Text, nullable=False),
        sa.Column("connections", sa.SmallInteger, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_senders"),
        schema=SCHEMA,
    )
    op.create_table(
        "templates",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_templates"),
        schema=SCHEMA,
    )
