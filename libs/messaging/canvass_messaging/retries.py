"""When an event that failed is tried again, and when it is given up. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from canvass_runtime.logs import describe

from .consumers import Unworkable

RETRIES_TIMER = "retries"
"""The timer that feeds what is due."""

LADDER = tuple(
    timedelta(seconds=seconds) for seconds in (1, 5, 30, 2 * 60, 10 * 60, 60 * 60, 3 * 3600, 12 * 3600)
)
"""How long to wait after the first failure, the second, ...; after the last, the event is parked."""

DIED_LIMIT = 3
"""An event during which the process ended this often without a word is parked: it may be what ends it."""

DIED = "The process ended while this event was handled."


AFTER_A_FAULT = timedelta(seconds=5)
"""How long to wait after an attempt that came to nothing by no fault of the event."""


@dataclass(frozen=True, slots=True)
class Again:
    """Try the event again at `at`."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Untried:
    """Try the event again at `at`, as if it had not been tried: the database was away, or busy."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Park:
    """Give the event up until somebody looks at it."""


Verdict = Again | Park


def verdict(error: Exception, attempt: int, now: datetime) -> Verdict:
    """What to do with an event that failed with `error` at its `attempt`-th attempt (from 1)."""
    if isinstance(error, Unworkable) or attempt > len(LADDER):
        return Park()
    return Again(now + LADDER[attempt - 1])


def described(error: Exception) -> str:
    """The error as it is shown to whoever looks after parked events: without anybody's data."""
    cause = getattr(error, "orig", None) or error
    return f"{type(cause).__name__}: {describe(cause)}".replace("\x00", "")
