"""Door 3, the clock: journeys whose time has come go on, and old answers are forgotten."""

from datetime import datetime

from canvass_messaging.timers import Timer
from canvass_runtime.db import Database
from canvass_runtime.idempotency import forget_old

from .store import due
from .tables import idempotency_keys
from .use_cases import walking

CLAIM_LIMIT = 500
BULK_FROM = 1_000
"""More than so many due at once in one campaign go by bulk, so that they hold nobody else up."""


async def wake_journeys(database: Database, now: datetime) -> int:
    """Wake some of the journeys that are due, of each campaign in turn; returns how many."""
    async with database.transaction() as tx:
        waiting = await due.count_due(tx, now, BULK_FROM + 1)
    woken = 0
    for campaign, count in waiting:
        async with database.transaction("bulk" if count > BULK_FROM else "live") as tx:
            woken += await walking.wake_due(tx, campaign, now, CLAIM_LIMIT)
    return woken


async def forget_answers(database: Database, now: datetime) -> int:
    """Forget the answers that no repeated request can ask for any longer; returns how many."""
    async with database.transaction() as tx:
        return await forget_old(tx, idempotency_keys, now)


TIMERS = (
    Timer("journeys", due.next_waking, wake_journeys),
    Timer("answers", due.next_forgetting, forget_answers),
)
