"""How often one address may submit forms: what fills them in by the thousand is no human."""

from canvass_runtime.clock import monotonic
from canvass_runtime.errors import Refused

MINUTE_SECONDS = 60.0
MAX_ADDRESSES = 50_000


class TooOften(Refused):
    """So many forms from one address within a minute."""

    status = 429
    title = "Too many requests"
    type = "too-many-requests"


class Crowd:
    """Counts submissions by address, minute by minute, in this process alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._begun = monotonic()
        self._counts: dict[str, int] = {}

    def let_in(self, address: str) -> None:
        """Raises TooOften. More addresses than we care to count are all let in: they are no one sender."""
        if monotonic() - self._begun >= MINUTE_SECONDS:
            self._begun, self._counts = monotonic(), {}
        count = self._counts.get(address, 0) + 1
        if count > self._most:
            raise TooOften("Wait a minute, and submit it again.", headers={"Retry-After": "60"})
        if address in self._counts or len(self._counts) < MAX_ADDRESSES:
            self._counts[address] = count
