"""Takes what has arrived in one lane, a transaction a batch, and acknowledges it once it is committed."""

import asyncio
from collections import deque
from uuid import UUID

import structlog
from aio_pika.abc import AbstractIncomingMessage
from canvass_runtime.db import is_transient
from canvass_runtime.logs import describe
from canvass_schemas.ids import uuid7, uuid7_time

from . import metrics, topology
from .connection import Connected, first_of, keep_connected, wait_for
from .delivery import Delivery
from .failpoints import failpoint
from .feeding import Feeding
from .links import Links
from .reading import Incoming
from .timers import DATABASE_GIVE_UP_AFTER_SECONDS, DatabaseAway

PREFETCH = {"live": 200, "bulk": 20}
"""Wire messages on their way to one worker; a message is up to 500 events and 256 KB."""

BATCH_EVENTS = 1000
PACE_SECONDS = 0.015
"""Between the starts of two batches: under load a batch grows instead of coming more often."""

ALONE_FROM = 2
"""Redeliveries after which a message is handled alone: it may be what ends the process."""
APART_FROM = 5
"""Redeliveries after which a message is taken apart, as if the broker had dead-lettered it."""

_log = structlog.get_logger(__name__)


class Worker:
    """Consumes one lane of one service on a connection of its own."""

    def __init__(self, links: Links, service: str, lane: str, delivery: Delivery, feeding: Feeding) -> None:
        self._links = links
        self._service = service
        self._lane = lane
        self._delivery = delivery
        self._feeding = feeding
        self._arrived: deque[AbstractIncomingMessage] = deque()
        self._news = asyncio.Event()
        self._last_start = 0.0
        self.consuming = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop`, then finish the batch at hand. Raises BrokerAway or DatabaseAway."""
        await keep_connected(
            self._links.rabbitmq_url,
            f"{self._service} {self._lane}",
            lambda connected: self._consume(connected, stop),
            stop,
        )

    async def _consume(self, connected: Connected, stop: asyncio.Event) -> None:
        channel = await connected.connection.channel(publisher_confirms=False)
        await channel.set_qos(prefetch_count=PREFETCH[self._lane])
        await topology.declare(channel, self._service)
        underlay = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(connected.tell)
        channel.close_callbacks.add(connected.tell)
        names = [topology.queue_name(self._service, self._lane)]
        if self._lane == "live":
            names.append(topology.dead_letter_queue_name(self._service))
        tags = [
            (queue, await queue.consume(self._on_message))
            for queue in [await channel.get_queue(n) for n in names]
        ]
        self.consuming.set()
        try:
            await self._work(connected.broken, stop)
            if not connected.broken.is_set():
                for queue, tag in tags:
                    await queue.cancel(tag, timeout=5)
        finally:
            self.consuming.clear()
            self._arrived.clear()  # unacknowledged: they come again

    async def _on_message(self, message: AbstractIncomingMessage) -> None:
        self._arrived.append(message)
        self._news.set()

    async def _work(self, broken: asyncio.Event, stop: asyncio.Event) -> None:
        while not (broken.is_set() or stop.is_set()):
            if not self._arrived:
                self._news.clear()
                await first_of(self._news, broken, stop)
                continue
            await self._pace(stop)
            await self._settle(self._take(), broken)

    async def _pace(self, stop: asyncio.Event) -> None:
        """Start at once after a pause, and no sooner than the pace allows under load."""
        loop = asyncio.get_running_loop()
        early = self._last_start + PACE_SECONDS - loop.time()
        if early > 0:
            await wait_for(stop, early)
        self._last_start = loop.time()

    def _take(self) -> list[AbstractIncomingMessage]:
        """What has arrived, up to the limit of events; a suspicious message alone."""
        batch = [self._arrived.popleft()]
        events = _events(batch[0])
        while self._arrived and not _suspicious(batch[0]):
            upcoming = self._arrived[0]
            if _suspicious(upcoming) or events + _events(upcoming) > BATCH_EVENTS:
                break
            events += _events(upcoming)
            batch.append(self._arrived.popleft())
        metrics.batch_events.labels(self._lane).observe(events)
        return batch

    async def _settle(self, batch: list[AbstractIncomingMessage], broken: asyncio.Event) -> None:
        with metrics.batch_seconds.labels(self._lane).time():
            if not await self._take_effect(batch, broken):
                return
        for message in batch:
            await message.ack()
        failpoint("consumer.after_ack")

    async def _take_effect(self, batch: list[AbstractIncomingMessage], broken: asyncio.Event) -> bool:
        """Whether the batch has taken effect. A fault of the moment is waited out, up to a minute."""
        loop = asyncio.get_running_loop()
        began, pause, isolate = loop.time(), 0.05, _suspicious(batch[0])
        while not broken.is_set():
            try:
                await self._deliver(batch, isolate=isolate)
            except Exception as error:
                if is_transient(error):
                    if loop.time() - began > DATABASE_GIVE_UP_AFTER_SECONDS:
                        raise DatabaseAway from error
                    _log.warning("worker.again", lane=self._lane, error=describe(error))
                    await wait_for(broken, pause)
                    pause = min(pause * 2, 2.0)
                elif isolate:
                    _log.error("worker.failed", lane=self._lane, messages=len(batch), exc_info=True)
                    await self._return(batch)
                    return False
                else:
                    _log.warning(
                        "worker.isolating", lane=self._lane, messages=len(batch), error=describe(error)
                    )
                    isolate = True
            else:
                return True
        return False

    async def _deliver(self, batch: list[AbstractIncomingMessage], *, isolate: bool) -> None:
        first = _incoming(batch[0])
        if first.redeliveries >= APART_FROM or _is_dead_letter(batch[0]):
            await self._feeding.take_apart(self._links.database, first, self._lane, self._links.clock.now())
            return
        await self._delivery.take_effect(
            self._links.database, [_incoming(message) for message in batch], self._lane, isolate=isolate
        )

    async def _return(self, batch: list[AbstractIncomingMessage]) -> None:
        """Give messages back that failed even with their events apart; each return counts against them.

        `reject` and not `nack`: from RabbitMQ 4.3 on, only the former counts towards the delivery limit.
        """
        await asyncio.sleep(1)
        for message in batch:
            await message.reject(requeue=True)


def _incoming(message: AbstractIncomingMessage) -> Incoming:
    """The message, without a type (and so unreadable, and parked) if no relay of ours can have made it."""
    try:
        id_ = UUID(message.message_id or "")
        uuid7_time(id_)
    except ValueError:
        return Incoming(uuid7(), "", message.body, _redeliveries(message))
    return Incoming(id_, message.type or "", message.body, _redeliveries(message))


def _events(message: AbstractIncomingMessage) -> int:
    events = message.headers.get("events")
    return events if isinstance(events, int) else 1


def _redeliveries(message: AbstractIncomingMessage) -> int:
    count = message.headers.get("x-delivery-count")
    return count if isinstance(count, int) else 0


def _is_dead_letter(message: AbstractIncomingMessage) -> bool:
    return message.exchange == topology.DEAD_LETTERS


def _suspicious(message: AbstractIncomingMessage) -> bool:
    return _redeliveries(message) >= ALONE_FROM or _is_dead_letter(message)
