"""Visits have properties."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    properties = sa.Column("properties", postgresql.JSONB, nullable=False, server_default="{}")
    op.add_column("visits", properties, schema="example")
