"""One running process of a service: what is in it, how it starts, how it ends."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

import structlog
from canvass_runtime import partitions
from canvass_runtime.clock import Clock
from canvass_runtime.db import is_transient
from canvass_runtime.logs import describe
from canvass_runtime.partitions import Partitioned

from . import heap
from .connection import wait_for
from .consumers import Consumers
from .delivery import Delivery
from .feeding import Feeding
from .links import Links
from .publisher import Publisher
from .relay import Relay
from .speaking import Speaker
from .tables import MessagingTables
from .timers import Pulse, Timer
from .turning import SharedClock
from .worker import Worker

HOUSEKEEPING_SECONDS = 3600.0

_REAL = Clock()
"""For ages, retries and partitions, whatever the present of the domain has been turned to."""

_log = structlog.get_logger(__name__)


Task = Callable[[asyncio.Event], Awaitable[None]]
"""Something that runs until the event, and then ends what it is doing."""


class Process:
    """The relay and the pulse of one process, and the workers of the lanes that it serves.

    The process that serves the live lane also runs the service's timers, feeds what was set aside, keeps
    the partitions, and says how far the service has spoken.
    """

    def __init__(
        self,
        links: Links,
        consumers: Consumers,
        tables: MessagingTables,
        *,
        lanes: Collection[str],
        timers: Sequence[Timer] = (),
        partitioned: Sequence[Partitioned] = (),
    ) -> None:
        self._links = links
        self._partitioned = partitioned if "live" in lanes else ()
        self._publisher = Publisher(links.rabbitmq_url, consumers.service)
        self._relay = Relay(links.database, tables.outbox, self._publisher, consumers.service)
        delivery = Delivery(consumers, tables, _REAL)
        feeding = Feeding(delivery, tables)
        self._workers = [Worker(links, consumers.service, lane, delivery, feeding) for lane in sorted(lanes)]
        self._pulse = self._make_pulse(consumers, tables, feeding, timers, leads="live" in lanes)
        links.database.listeners += [self._relay.take, self._pulse.take]

    def _make_pulse(
        self,
        consumers: Consumers,
        tables: MessagingTables,
        feeding: Feeding,
        timers: Sequence[Timer],
        *,
        leads: bool,
    ) -> Pulse:
        due, clock = self._relay.timers(), self._links.clock
        asked = [clock.question()] if isinstance(clock, SharedClock) else []
        if not leads:
            return Pulse(self._links.database, clock, due, asked)
        speaker = Speaker(consumers.service, tables.outbox, self._publisher, clock)
        due += [feeding.timer(), *timers]
        return Pulse(self._links.database, clock, due, [*asked, *speaker.questions()])

    async def is_ready(self) -> bool:
        """Whether it is connected to the broker and consuming all its lanes."""
        return self._publisher.connected.is_set() and all(
            worker.consuming.is_set() for worker in self._workers
        )

    async def run(self, stop: asyncio.Event, *others: Task) -> None:
        """Run until `stop`, then drain: requests, then batches, then what they said; raises what failed.

        `others` (an HTTP server) end before the workers, the workers before the relay: so that what the
        last request or batch committed is still published.
        """
        heap.settle()
        done, published = asyncio.Event(), asyncio.Event()
        try:
            async with asyncio.TaskGroup() as connected:
                connected.create_task(self._publisher.run(published))
                async with asyncio.TaskGroup() as carrying:
                    carrying.create_task(self._relay.run(done))
                    async with asyncio.TaskGroup() as working:
                        for worker in self._workers:
                            working.create_task(worker.run(stop))
                        for other in (self._pulse.run, self._keep_house, *others):
                            working.create_task(_as_coroutine(other, stop))
                    done.set()
                published.set()
        finally:
            await self._links.database.dispose()

    async def _keep_house(self, stop: asyncio.Event) -> None:
        """Make partitions ahead of time and drop what has been kept long enough: now, and every hour."""
        while self._partitioned:
            for work in (partitions.ensure, partitions.drop_old):
                await self._partition(work)
            if await wait_for(stop, HOUSEKEEPING_SECONDS):
                return

    async def _partition(self, work: Callable[..., Awaitable[int]]) -> None:
        try:
            async with self._links.database.transaction() as tx:
                await work(tx, self._partitioned, _REAL.now().date())
        except Exception as error:
            if not is_transient(error):
                raise
            _log.warning("housekeeping.put_off", error=describe(error))


async def _as_coroutine(task: Task, stop: asyncio.Event) -> None:
    await task(stop)
