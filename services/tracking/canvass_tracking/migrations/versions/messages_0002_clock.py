"""By how much the present has been turned."""

from canvass_messaging.migration_steps import create_clock

revision = "messages_0002"
down_revision = None
depends_on = "0001"


def upgrade() -> None:
    create_clock("tracking")
