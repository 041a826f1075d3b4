"""Door 3, the clock: journeys whose time has come go on, members enter, and what is old is forgotten."""

from collections import deque
from datetime import datetime

from canvass_messaging.timers import Timer
from canvass_runtime.clock import monotonic
from canvass_runtime.db import Database
from canvass_runtime.idempotency import forget_old

from .store import arrivals, due, memory, tallies
from .store.due import Due
from .tables import idempotency_keys
from .use_cases import arriving, hearing

CLAIM_LIMIT = 500
CHUNK = 200
"""So many members enter at once: the live lane has its turn between two chunks."""
BULK_FROM = 1_000
"""More than so many due at once in one campaign go by bulk, so that they hold nobody else up."""


async def wake_journeys(database: Database, now: datetime) -> int:
    """Wake some of the journeys that are due, of each campaign in turn; returns how many."""
    return await _wake(database, due.waking(now), now)


class Decisions:
    """Takes the no of decisions whose patience has ended, once all until then has been heard.

    How far that is counts only when it has been known for a while, of real time: after an outage all comes at
    once, and another worker may hold a batch with the very opening while this one knows already that there
    is none.
    """

    def __init__(self, known_for: float = 2.0) -> None:
        self._known_for = known_for
        self._known: deque[tuple[float, datetime]] = deque()

    async def __call__(self, database: Database, now: datetime) -> int:
        """Decide some; returns how many."""
        async with database.transaction() as tx:
            through = await due.heard_through(tx)
        certain = self._certain(through, monotonic()) if through else None
        return await _wake(database, due.deciding(min(now, certain)), now) if certain else 0

    def _certain(self, through: datetime, moment: float) -> datetime | None:
        """The newest that was known so long ago, of which nothing older need be kept."""
        self._known.append((moment, through))
        while len(self._known) > 1 and self._known[1][0] <= moment - self._known_for:
            self._known.popleft()
        since, known = self._known[0]
        return known if since <= moment - self._known_for else None


async def _wake(database: Database, what: Due, now: datetime) -> int:
    async with database.transaction() as tx:
        waiting = await due.count_due(tx, what, BULK_FROM + 1)
    woken = 0
    for campaign, count in waiting:
        async with database.transaction("bulk" if count > BULK_FROM else "live") as tx:
            woken += await hearing.wake_due(tx, campaign, what, now, CLAIM_LIMIT)
    return woken


async def let_in(database: Database, now: datetime) -> int:
    """Let some members of segments enter the campaigns that asked for them; returns how many."""
    async with database.transaction("bulk") as tx:
        return await arriving.let_in(tx, now, CHUNK)


async def sum_tallies(database: Database, _: datetime) -> int:
    """Put many counts into few; returns how many."""
    async with database.transaction() as tx:
        return await tallies.sum_up(tx)


async def forget_memory(database: Database, _: datetime) -> int:
    """Forget what contacts did more than a quarter of an hour ago; returns how many."""
    async with database.transaction() as tx:
        return await memory.forget_old(tx)


async def forget_answers(database: Database, now: datetime) -> int:
    """Forget the answers that no repeated request can ask for any longer; returns how many."""
    async with database.transaction() as tx:
        return await forget_old(tx, idempotency_keys, now)


TIMERS = (
    Timer("journeys", due.next_waking, wake_journeys),
    Timer("decisions", due.next_deciding, Decisions()),
    Timer("arrivals", arrivals.next_arriving, let_in),
    Timer("tallies", tallies.next_summing, sum_tallies),
    Timer("memory", due.next_fading, forget_memory),
    Timer("answers", due.next_forgetting, forget_answers),
)
