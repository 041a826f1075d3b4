"""One AMQP connection, made again when it breaks, given up (loudly) when it stays away."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import AMQPError
from canvass_runtime.logs import describe

GIVE_UP_AFTER_SECONDS = 60.0
CONNECT_SECONDS = 10.0
SET_UP_SECONDS = 15.0
"""For opening channels and declaring; a broker that is recovering its queues takes its time, and is asked
again. Less than a process is given to drain: one that is asked to stop meanwhile still ends in good order."""
HEARTBEAT_SECONDS = 10
"""A silent broker is noticed after about three of these."""

_log = structlog.get_logger(__name__)

CONNECTION_ERRORS: tuple[type[Exception], ...] = (AMQPError, OSError, TimeoutError, RuntimeError)
"""What a broken connection raises. aiormq says RuntimeError for a channel whose connection has gone."""


class BrokerAway(Exception):
    """RabbitMQ could not be reached for 60 seconds: the process ends, so that its supervisor sees it."""


class Connected:
    """A connection in use: what it is, whether it has served, and the news that it has broken."""

    def __init__(self, connection: AbstractConnection, serves: Callable[[], None]) -> None:
        self.connection = connection
        self.serves = serves
        """To be called once all is set up: from then on this connection counts as a working one."""
        self.broken = asyncio.Event()
        connection.close_callbacks.add(self.tell)

    def tell(self, *_: object) -> None:
        """Whatever calls this has found it broken."""
        self.broken.set()

    async def is_blocked(self) -> bool:
        """Whether the broker has said that it takes nothing for the moment: its memory or disk is full."""
        transport = self.connection.transport
        if transport is None:
            return False
        try:
            async with asyncio.timeout(0):
                await transport.connection.ready()
        except TimeoutError:
            return True
        return False

    def depends_on(self, channel: AbstractChannel) -> None:
        """A channel that the broker closes (a queue or exchange is gone) takes the connection with it."""
        channel.close_callbacks.add(self.tell)


async def keep_connected(
    url: str, name: str, use: Callable[[Connected], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Run `use` on a connection until `stop`; when it fails or returns early, do it again on a new one.

    aio-pika's robust connection is not used: what it restores, when, and what it silently does not, has
    changed from release to release. Here everything is declared again from nothing, each time.

    Raises BrokerAway after 60 s without a working connection.
    """
    patience = _Patience()
    while not stop.is_set():
        try:
            with cancelled_by_nobody_else():
                await _use_once(url, name, use, patience.served)
        except CONNECTION_ERRORS as error:
            _log.warning("broker.connection_lost", connection=name, error=describe(error))
        if stop.is_set():
            return
        await wait_for(stop, patience.pause(name))


class _Patience:
    """How long to wait before the next attempt, and whether there is to be one."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._last_well = self._loop.time()
        self._pause = 0.1
        self._serving = False

    def served(self) -> None:
        self._serving = True

    def pause(self, name: str) -> float:
        """Seconds; a connection that has served begins the count anew. Raises BrokerAway."""
        now = self._loop.time()
        if self._serving:
            self._serving, self._last_well, self._pause = False, now, 0.1
        if now - self._last_well > GIVE_UP_AFTER_SECONDS:
            raise BrokerAway(name)
        self._pause = min(self._pause * 2, 2.0)
        return self._pause


async def _use_once(
    url: str, name: str, use: Callable[[Connected], Awaitable[None]], served: Callable[[], None]
) -> None:
    async with asyncio.timeout(CONNECT_SECONDS):
        connection = await aio_pika.connect(
            url, heartbeat=HEARTBEAT_SECONDS, client_properties={"connection_name": name}
        )
    try:
        await use(Connected(connection, served))
    finally:
        await _close(connection)


async def _close(connection: AbstractConnection) -> None:
    try:
        async with asyncio.timeout(5):
            await connection.close()
    except CONNECTION_ERRORS as error:
        _log.debug("broker.close_failed", error=describe(error))


@contextmanager
def cancelled_by_nobody_else() -> Generator[None]:
    """Tell aiormq's cancellations from ours.

    It cancels whoever waits for a connection that it finds stuck. Taken for the end of the task, that would
    end a consumer or a timer without a word; it is a broken connection. Raises ConnectionError for it.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise ConnectionError("the connection was found stuck") from error


async def wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, but no longer than `seconds`; whether it came."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def first_of(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    if any(event.is_set() for event in events):
        return
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
