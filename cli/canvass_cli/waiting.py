"""Waiting for what somebody else does: with a deadline, and with a reason when it passes."""

import time
from collections.abc import Callable

from .trouble import Trouble

_PAUSE_SECONDS = 0.2


class StillWaiting(Trouble):
    """What was waited for did not come in time, or can no longer come."""


def until(come: Callable[[], bool], seconds: float, complaint: str) -> None:
    """Return as soon as `come()` is true; raise `StillWaiting(complaint)` when it is not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not come():
        if time.monotonic() > deadline:
            raise StillWaiting(complaint)
        time.sleep(_PAUSE_SECONDS)
