"""What is said, heard and set aside."""

from canvass_messaging.migration_steps import create_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_tables("points")
