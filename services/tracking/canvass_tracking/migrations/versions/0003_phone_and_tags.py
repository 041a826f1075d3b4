"""Contacts have a phone number and tags."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("contacts", sa.Column("phone", sa.Text), schema="tracking")
    none = sa.text("'{}'::text[]")
    tags = sa.Column("tags", sa.ARRAY(sa.Text), server_default=none, nullable=False)
    op.add_column("contacts", tags, schema="tracking")
