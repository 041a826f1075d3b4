"""Times as senders write them."""

from datetime import UTC, datetime


def read_time(value: object) -> datetime | None:
    """The instant, in UTC, that an ISO 8601 string names (UTC if it does not say); None for anything else."""
    if type(value) is not str:
        return None
    try:
        time = datetime.fromisoformat(value)
        if time.tzinfo is None:
            return time.replace(tzinfo=UTC)
        return time if time.tzinfo is UTC else time.astimezone(UTC)
    except (ValueError, OverflowError):  # in the first or the last hours that can be written, UTC is beyond
        return None
