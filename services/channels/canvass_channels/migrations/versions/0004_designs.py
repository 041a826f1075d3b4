"""Templates may be designed in MJML."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("templates", sa.Column("mjml", sa.Text), schema="channels")
