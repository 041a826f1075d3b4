"""Takes what has arrived in one lane, a transaction a batch, and acknowledges it once it is committed."""

import asyncio

import structlog
from aio_pika.abc import AbstractIncomingMessage
from canvass_runtime.db import is_transient
from canvass_runtime.logs import describe
from canvass_schemas.ids import uuid7_time

from . import arrivals, metrics
from .arrivals import incoming
from .connection import SET_UP_SECONDS, Connected, keep_connected
from .consumption import Consumption
from .delivery import Delivery
from .failpoints import failpoint
from .feeding import Feeding
from .links import Links
from .reading import Incoming
from .timers import DATABASE_GIVE_UP_AFTER_SECONDS, DatabaseAway

PACE_SECONDS = 0.015
"""Between the starts of two batches: under load a batch grows instead of coming more often."""

RETURN_SECONDS = 1.0
"""Before a message goes back that failed, so that it does not come again at once. Others go on meanwhile."""

_log = structlog.get_logger(__name__)

Batch = list[AbstractIncomingMessage]


class Worker:
    """Consumes one lane of one service on a connection of its own."""

    def __init__(self, links: Links, service: str, lane: str, delivery: Delivery, feeding: Feeding) -> None:
        self._links = links
        self._service = service
        self._lane = lane
        self._delivery = delivery
        self._feeding = feeding
        self._last_start = 0.0
        self.consuming = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop`, then finish what has arrived. Raises BrokerAway or DatabaseAway."""

        async def use(connected: Connected) -> None:
            consumption = Consumption(connected, stop)
            async with asyncio.timeout(SET_UP_SECONDS):
                await consumption.begin(self._service, self._lane)
            self.consuming.set()
            try:
                await self._work(consumption)
            finally:
                self.consuming.clear()
                await consumption.end()

        await keep_connected(self._links.rabbitmq_url, f"{self._service} {self._lane}", use, stop)

    async def _work(self, consumption: Consumption) -> None:
        while await consumption.has_more():
            await self._pace()
            batch = consumption.arrivals.take()
            with metrics.batch_seconds.labels(self._lane).time():
                settled = await self._take_effect(batch, consumption)
            if settled:
                for message in batch:
                    await message.ack()
                failpoint("consumer.after_ack")

    async def _pace(self) -> None:
        """Start at once after a pause, and no sooner than the pace allows under load."""
        loop = asyncio.get_running_loop()
        early = self._last_start + PACE_SECONDS - loop.time()
        if early > 0:
            await asyncio.sleep(early)
        self._last_start = loop.time()

    async def _take_effect(self, batch: Batch, consumption: Consumption) -> bool:
        """Whether the batch has taken effect. A fault of the moment is waited out, up to a minute."""
        loop = asyncio.get_running_loop()
        began, pause, isolate = loop.time(), 0.05, arrivals.is_suspicious(batch[0])
        while not consumption.is_broken:
            try:
                await self._deliver(batch, isolate=isolate)
            except Exception as error:
                if is_transient(error):
                    if loop.time() - began > DATABASE_GIVE_UP_AFTER_SECONDS:
                        raise DatabaseAway from error
                    _log.warning("worker.again", lane=self._lane, error=describe(error))
                    if not await consumption.has_patience(pause):
                        return False
                    pause = min(pause * 2, 2.0)
                elif isolate:
                    _log.error("worker.failed", lane=self._lane, messages=len(batch), exc_info=True)
                    consumption.give_back(batch, RETURN_SECONDS)
                    return False
                else:
                    _log.warning(
                        "worker.isolating", lane=self._lane, messages=len(batch), error=describe(error)
                    )
                    isolate = True
            else:
                return True
        return False

    async def _deliver(self, batch: Batch, *, isolate: bool) -> None:
        messages = [incoming(message) for message in batch]
        if arrivals.is_hopeless(batch[0]):
            await self._take_apart(batch[0], messages[0])
            return
        metrics.batch_events.labels(self._lane).observe(sum(map(arrivals.events, batch)))
        await self._delivery.take_effect(self._links.database, messages, self._lane, isolate=isolate)
        oldest = min(uuid7_time(message.message_id) for message in messages)
        metrics.lag_seconds.labels(self._lane).set((self._delivery.now() - oldest).total_seconds())

    async def _take_apart(self, delivered: AbstractIncomingMessage, message: Incoming) -> None:
        """What fails in this, too, comes again until the broker gives it up, and is parked then as it is."""
        lane = arrivals.lane(delivered, self._lane)
        try:
            await self._feeding.take_apart(self._links.database, message, lane)
        except Exception as error:
            if is_transient(error) or not arrivals.is_dead_letter(delivered):
                raise
            _log.error("worker.parking_whole", message_id=str(message.message_id), exc_info=True)
            await self._feeding.park(self._links.database, message, lane, error)
