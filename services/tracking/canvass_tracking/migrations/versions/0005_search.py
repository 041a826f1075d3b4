"""Contacts are found by words, phone and tag; a POST that is sent twice acts once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

SCHEMA = "tracking"
WORDS = """
CASE WHEN user_id IS NULL AND email IS NULL AND phone IS NULL AND attributes = '{}'::jsonb THEN NULL ELSE
array_to_tsvector(array_remove(regexp_split_to_array(lower((
    coalesce(email, '') || ' ' || coalesce(user_id, '') || ' ' || coalesce(phone, '')
    || ' ' || left(coalesce(attributes ->> 'name', ''), 200)
    || ' ' || left(coalesce(attributes ->> 'first_name', attributes ->> 'firstName', ''), 200)
    || ' ' || left(coalesce(attributes ->> 'last_name', attributes ->> 'lastName', ''), 200)
) COLLATE "pg_c_utf8"), '[^[:alnum:]]+'), '')) END
"""


def upgrade() -> None:
    words = sa.Column("words", postgresql.TSVECTOR, sa.Computed(WORDS, persisted=True))
    op.add_column("contacts", words, schema=SCHEMA)
    op.create_index(
        "ix_contacts_phone",
        "contacts",
        ["phone"],
        schema=SCHEMA,
        postgresql_where=sa.text("phone IS NOT NULL"),
    )
    op.create_index(
        "ix_contacts_tags",
        "contacts",
        ["tags"],
        schema=SCHEMA,
        postgresql_using="gin",
        postgresql_where=sa.text("tags <> '{}'::text[]"),
    )
    op.create_index(
        "ix_contacts_words",
        "contacts",
        ["words"],
        schema=SCHEMA,
        postgresql_using="gin",
        postgresql_where=sa.text("words IS NOT NULL"),
        postgresql_with={"gin_pending_list_limit": 512},
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("answer", postgresql.JSONB),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency_keys"),
        schema=SCHEMA,
    )
    op.create_index("ix_idempotency_keys_asked_at", "idempotency_keys", ["asked_at"], schema=SCHEMA)
