"""The consuming of one lane on one connection: its queues, its prefetch, its end."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog
from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
from canvass_runtime.logs import describe

from . import topology
from .arrivals import Arrivals
from .connection import CONNECTION_ERRORS, Connected, first_of

PREFETCH = {"live": 200, "bulk": 20}
"""Wire messages on their way to one worker; a message is up to 500 events and 256 KB."""

DRAIN_SECONDS = 10.0
"""For what has arrived when the process is asked to stop: given back, it counts as delivered in vain."""


_log = structlog.get_logger(__name__)


class Consumption:
    """The consuming of a lane on one connection, until that breaks or the process is asked to stop."""

    def __init__(self, connected: Connected, stop: asyncio.Event) -> None:
        self.arrivals = Arrivals()
        self._connected = connected
        self._stop = stop
        self._consumers: list[tuple[AbstractQueue, str]] = []
        self._until: float | None = None
        self._going_back: set[asyncio.Task[None]] = set()

    async def begin(self, service: str, lane: str) -> None:
        """Declare what the service hears, and have it delivered. The live lane takes its dead letters too."""
        connection = self._connected.connection
        channel = await connection.channel(publisher_confirms=False)
        self._connected.depends_on(channel)
        underlay = await channel.get_underlay_channel()
        underlay.on_consumer_cancel_callbacks.add(self._connected.tell)
        await channel.set_qos(prefetch_count=PREFETCH[lane])
        await topology.declare(channel, service)
        names = [topology.queue_name(service, lane)]
        if lane == "live":
            names.append(topology.dead_letter_queue_name(service))
        for name in names:
            queue = await channel.get_queue(name)
            self._consumers.append((queue, await queue.consume(self.arrivals.add)))
        self._connected.serves()

    async def has_more(self) -> bool:
        """Wait for something to do; False when that is over. Once asked to stop, nothing new is taken."""
        while not (self.arrivals or self.is_broken or self._stop.is_set()):
            self.arrivals.news.clear()
            await first_of(self.arrivals.news, self._connected.broken, self._stop)
        if self._stop.is_set() and not self.is_broken:
            return await self._drains()
        return not self.is_broken

    async def _drains(self) -> bool:
        now = asyncio.get_running_loop().time()
        if self._until is None:
            self._until = now + DRAIN_SECONDS
            for queue, tag in self._consumers:
                await queue.cancel(tag, timeout=5)
        return bool(self.arrivals) and now < self._until

    @property
    def is_broken(self) -> bool:
        """Whether what was delivered will be delivered again, elsewhere or on the next connection."""
        return self._connected.broken.is_set()

    async def has_patience(self, seconds: float) -> bool:
        """Wait before another attempt; False, at once, when nobody waits for us any longer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await first_of(self._connected.broken, self._stop)
        return not (self.is_broken or self._stop.is_set())

    def give_back(self, messages: Sequence[AbstractIncomingMessage], seconds: float) -> None:
        """Have messages delivered again in a while; each time counts against them."""
        task = asyncio.create_task(self._give_back(messages, seconds))
        self._going_back.add(task)
        task.add_done_callback(self._going_back.discard)

    async def _give_back(self, messages: Sequence[AbstractIncomingMessage], seconds: float) -> None:
        await self.has_patience(seconds)
        if self.is_broken:
            return
        try:
            for message in messages:
                # And not `nack`: from RabbitMQ 4.3 on, only `reject` counts towards the delivery limit.
                await message.reject(requeue=True)
        except CONNECTION_ERRORS as error:  # they come again, elsewhere or on the next connection
            _log.debug("consumption.not_given_back", error=describe(error))

    async def end(self) -> None:
        """Let what is going back be back, or the connection be broken."""
        await asyncio.gather(*self._going_back)
