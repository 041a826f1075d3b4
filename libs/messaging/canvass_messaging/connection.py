"""One AMQP connection, made again when it breaks, given up (loudly) when it stays away."""

import asyncio
from collections.abc import Awaitable, Callable

import aio_pika
import structlog
from aio_pika.abc import AbstractConnection
from aio_pika.exceptions import AMQPError
from canvass_runtime.logs import describe

GIVE_UP_AFTER_SECONDS = 60.0
CONNECT_SECONDS = 10.0
HEARTBEAT_SECONDS = 10
"""A silent broker is noticed after about three of these."""

_log = structlog.get_logger(__name__)

CONNECTION_ERRORS: tuple[type[Exception], ...] = (AMQPError, OSError, TimeoutError, RuntimeError)
"""What a broken connection raises. aiormq says RuntimeError for a channel whose connection has gone."""


class BrokerAway(Exception):
    """RabbitMQ could not be reached for 60 seconds: the process ends, so that its supervisor sees it."""


class Connected:
    """A connection in use: what it is, and the news that it has broken."""

    def __init__(self, connection: AbstractConnection) -> None:
        self.connection = connection
        self.broken = asyncio.Event()
        connection.close_callbacks.add(self.tell)

    def tell(self, *_: object) -> None:
        """Whatever calls this has found it broken."""
        self.broken.set()


async def keep_connected(
    url: str, name: str, use: Callable[[Connected], Awaitable[None]], stop: asyncio.Event
) -> None:
    """Run `use` on a connection until `stop`; when it fails or returns early, do it again on a new one.

    aio-pika's robust connection is not used: what it restores, when, and what it silently does not, has
    changed from release to release. Here everything is declared again from nothing, each time.

    Raises BrokerAway after 60 s without a working connection.
    """
    loop = asyncio.get_running_loop()
    last_well = loop.time()
    pause = 0.1
    while not stop.is_set():
        began = loop.time()
        try:
            await _use_once(url, name, use)
        except CONNECTION_ERRORS as error:
            _log.warning("broker.connection_lost", connection=name, error=describe(error))
        if stop.is_set():
            return
        if loop.time() - began > CONNECT_SECONDS:
            last_well, pause = loop.time(), 0.1
        if loop.time() - last_well > GIVE_UP_AFTER_SECONDS:
            raise BrokerAway(name)
        await wait_for(stop, pause)
        pause = min(pause * 2, 2.0)


async def _use_once(url: str, name: str, use: Callable[[Connected], Awaitable[None]]) -> None:
    async with asyncio.timeout(CONNECT_SECONDS):
        connection = await aio_pika.connect(
            url, heartbeat=HEARTBEAT_SECONDS, client_properties={"connection_name": name}
        )
    try:
        await use(Connected(connection))
    finally:
        await _close(connection)


async def _close(connection: AbstractConnection) -> None:
    try:
        async with asyncio.timeout(5):
            await connection.close()
    except CONNECTION_ERRORS as error:
        _log.debug("broker.close_failed", error=describe(error))


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
