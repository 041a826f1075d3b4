"""A source has a secret, by which user ids are signed, and the country of its phone numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

RANDOM = "replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text)"


def upgrade() -> None:
    secret = sa.Column("secret", sa.Text, server_default=sa.text(RANDOM), nullable=False)
    op.add_column("sources", secret, schema="tracking")
    op.add_column("sources", sa.Column("phone_region", sa.Text), schema="tracking")
