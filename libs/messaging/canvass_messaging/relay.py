"""Carries what is committed to the broker: from memory at once, from the table whatever a crash left.

Nothing here orders anything, and nothing is lost by forgetting: a row stays in the outbox until the broker
has confirmed it, and whoever finds it unheld publishes it. What is said twice, every inbox refuses.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import structlog
from canvass_runtime.db import Database
from canvass_runtime.logs import describe
from sqlalchemy import Select, Table, func, literal, select

from . import metrics, outbox
from .connection import first_of, wait_for
from .failpoints import failpoint
from .metering import BulkMeter
from .outbox import BULK_TIMER, OutboxRow
from .publisher import NotPublished, Publisher, Unroutable
from .timers import Timer

WINDOW = 256
"""Publishes waiting for their confirm at one time."""

MEMORY_BYTES = 64 * 1024 * 1024
"""What is held for publishing from memory; past it, rows are left for adoption."""

ADOPT_LIMIT = 200
FORGET_SECONDS = 0.5

_log = structlog.get_logger(__name__)


class Relay:
    """The relay of one process. `run` publishes and forgets; `timers` adopt what others left."""

    def __init__(self, database: Database, table: Table, publisher: Publisher, service: str) -> None:
        self._database = database
        self._table = table
        self._publisher = publisher
        self._meter = BulkMeter(publisher, service)
        self._ready: deque[OutboxRow] = deque()
        self._ready_bytes = 0
        self._arrived = asyncio.Event()
        self._confirmed: list[int] = []
        self._window = asyncio.Semaphore(WINDOW)

    def take(self, outgoing: Sequence[object]) -> None:
        """A listener of the database: publish from memory what was just committed.

        Bulk is metered, so it always goes by way of the table.
        """
        failpoint("relay.after_commit")
        for row in outgoing:
            if isinstance(row, OutboxRow) and row.lane == "live" and self._has_room(row):
                self._ready.append(row)
                self._ready_bytes += len(row.body)
                self._arrived.set()

    def _has_room(self, row: OutboxRow) -> bool:
        return self._publisher.connected.is_set() and self._ready_bytes + len(row.body) <= MEMORY_BYTES

    async def run(self, stop: asyncio.Event) -> None:
        """Publish and forget until `stop`; then publish what is ready and forget what is confirmed."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._publish_until(stop))
            tasks.create_task(self._forget_until(stop))
        await self.forget()

    async def _publish_until(self, stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as publishing:
            while not stop.is_set() or self._ready:
                if not self._ready:
                    self._arrived.clear()
                    await first_of(self._arrived, stop)
                    continue
                row = self._ready.popleft()
                self._ready_bytes -= len(row.body)
                await self._window.acquire()
                publishing.create_task(self._publish_and_release(row))

    async def _publish_and_release(self, row: OutboxRow) -> None:
        try:
            await self._publish(row)
        finally:
            self._window.release()

    async def _publish(self, row: OutboxRow) -> None:
        try:
            await self._publisher.publish(row)
        except Unroutable:
            metrics.unroutable.labels(row.type).inc()
            _log.error("relay.unroutable", type=row.type, outbox_id=row.id)
        except NotPublished as error:
            metrics.not_published.inc()
            _log.warning("relay.not_published", type=row.type, outbox_id=row.id, error=describe(error))
        else:
            failpoint("relay.after_confirm")
            metrics.published.labels(row.lane).inc(row.events)
            self._confirmed.append(row.id)

    async def _forget_until(self, stop: asyncio.Event) -> None:
        stopped = False
        while not stopped:
            stopped = await wait_for(stop, FORGET_SECONDS)
            await self.forget()

    async def forget(self) -> None:
        """Delete what the broker has confirmed; on failure keep the ids for the next time."""
        if not self._confirmed:
            return
        ids, self._confirmed = self._confirmed, []
        failpoint("relay.after_publish")
        try:
            async with self._database.transaction() as tx:
                await outbox.forget(tx, self._table, ids)
        except Exception as error:  # forgotten next time, or adopted and said again
            self._confirmed += ids
            _log.warning("relay.forget_failed", error=describe(error))
        failpoint("relay.after_forget")

    def timers(self) -> list[Timer]:
        """What is adopted when: live rows once nobody holds them, bulk rows as the meter allows."""
        return [
            Timer("relay.live", lambda _: self._free("live"), self._adopt_live),
            Timer(BULK_TIMER, lambda _: self._free("bulk"), self._adopt_bulk),
        ]

    def _free(self, lane: str) -> Select[Any]:
        free = (self._table.c.lane == lane) & (self._table.c.held_until <= func.now())
        return select(literal(0.0)).where(select(self._table.c.id).where(free).exists())

    async def _adopt_live(self, *_: object) -> int:
        if not self._publisher.connected.is_set():
            return 0
        return await self._adopt("live")

    async def _adopt_bulk(self, *_: object) -> int:
        if not self._publisher.connected.is_set():
            return 0
        allowed = await self._meter.allowed()
        return await self._adopt("bulk", allowed) if allowed else 0

    async def _adopt(self, lane: str, events: int | None = None) -> int:
        async with self._database.transaction() as tx:
            adopted = await outbox.adopt(tx, self._table, lane, ADOPT_LIMIT, events)
        failpoint("relay.after_adopt")
        if lane == "bulk":
            self._meter.sent(adopted)
        await asyncio.gather(*(self._publish(row) for row in adopted))
        await self.forget()
        return len(adopted)
