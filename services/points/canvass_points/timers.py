"""Door 3, the clock: old answers are forgotten."""

from datetime import datetime

from canvass_messaging.timers import Timer
from canvass_runtime.db import Database
from canvass_runtime.idempotency import forget_old, seconds_until_old

from canvass_points.tables import idempotency_keys


async def forget_answers(database: Database, now: datetime) -> int:
    """Forget the answers that no repeated request can ask for any longer; returns how many."""
    async with database.transaction() as tx:
        return await forget_old(tx, idempotency_keys, now)


timers = (Timer("answers", lambda now: seconds_until_old(idempotency_keys, now), forget_answers),)
