"""What tracking does by the clock: it forgets what it took, asked and answered long ago."""

from datetime import datetime
from typing import Any

from canvass_messaging.timers import Timer
from canvass_runtime.clock import monotonic
from canvass_runtime.db import Database
from canvass_runtime.idempotency import forget_old
from sqlalchemy import Select, literal, select

from canvass_tracking.store import confirmations, messages
from canvass_tracking.tables import idempotency_keys

FORGET_EVERY_SECONDS = 3600.0


class Forgetting:
    """Once after the start, then every hour, by real time."""

    def __init__(self) -> None:
        self._next = monotonic()

    def timer(self) -> Timer:
        return Timer("messages.forget", self._due, self._run)

    def _due(self, _: datetime) -> Select[Any]:
        return select(literal(self._next - monotonic()))

    async def _run(self, database: Database, now: datetime) -> int:
        if monotonic() < self._next:
            return 0
        async with database.transaction() as tx:
            dropped = await messages.forget(tx, now.date())
        async with database.transaction() as tx:
            dropped += await confirmations.forget(tx, now)
            dropped += await forget_old(tx, idempotency_keys, now)
        self._next = monotonic() + FORGET_EVERY_SECONDS
        return dropped
