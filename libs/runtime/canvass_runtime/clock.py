"""The only door to time. What is decided takes `now` as a value; only doors hold a clock."""

import time
from datetime import UTC, datetime, timedelta


def monotonic() -> float:
    """Seconds that only grow. Leases, deadlines and rates use this and never a clock that can be turned."""
    return time.monotonic()


class Clock:
    """Real time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC. What the domain is given."""
        return datetime.now(UTC)  # noqa: TID251 - this is the door

    def called(self, real: datetime) -> datetime | None:
        """What the present is called that a server calls `real`; None when that is in doubt."""
        return real


class TurnedClock(Clock):
    """A clock that demonstrations and tests can turn; it runs on from where it was turned to."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The real instant, moved by what the clock has been turned."""
        return super().now() + self.offset

    def called(self, real: datetime) -> datetime | None:
        """The same, as moved by what the clock has been turned."""
        return real + self.offset

    def turn(self, by: timedelta) -> datetime:
        """Move the present by `by`; returns the new present."""
        self.offset += by
        return self.now()
