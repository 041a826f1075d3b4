"""Times as senders write them."""

from datetime import UTC, datetime


def read_time(value: object) -> datetime | None:
    """The instant that an ISO 8601 string names (UTC if it does not say); None for anything else."""
    if type(value) is not str:
        return None
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
