"""Visits."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer, sa.Identity()),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("path", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", "at"),
        schema="example",
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_example_visits_path", "visits", ["path"], schema="example")
