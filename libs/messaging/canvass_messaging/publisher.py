"""The publishing side of the broker: persistent, confirmed, mandatory, and with a deadline on every wait."""

import asyncio
from uuid import UUID

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractExchange
from aio_pika.exceptions import PublishError
from canvass_schemas.wire import CONTENT_TYPE

from . import topology
from .connection import (
    CONNECTION_ERRORS,
    SET_UP_SECONDS,
    Connected,
    cancelled_by_nobody_else,
    first_of,
    keep_connected,
)
from .outbox import OutboxRow

CONFIRM_SECONDS = 10.0


class NotPublished(Exception):
    """The broker did not confirm the message: it is away, slow, full, or nobody is bound to the fact."""


class Unroutable(NotPublished):
    """No queue is bound to the fact's routing key, so the broker gave it back. Declare the topology."""


class Publisher:
    """One connection and one channel for all that this process publishes."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._connected: Connected | None = None
        self._channel: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None
        self._in_flight: set[UUID] = set()
        self.connected = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop`. Raises BrokerAway after 60 s without a broker."""

        async def use(connected: Connected) -> None:
            async with asyncio.timeout(SET_UP_SECONDS):
                await self._set_up(connected)
            self.connected.set()
            try:
                await first_of(connected.broken, stop)
            finally:
                self.connected.clear()
                self._connected = self._channel = self._exchange = None

        await keep_connected(self._url, f"{self._service} relay", use, stop)

    async def _set_up(self, connected: Connected) -> None:
        self._channel = await connected.connection.channel(on_return_raises=True)
        connected.depends_on(self._channel)
        self._exchange = await topology.declare_hearers(self._channel, self._service)
        self._connected = connected
        connected.serves()

    async def publish(self, row: OutboxRow) -> None:
        """Return once the broker has confirmed the message. Raises NotPublished, or Unroutable."""
        # aiormq knows what is in flight by message id: two at once with one id would lose a confirm.
        if row.message_id in self._in_flight:
            raise NotPublished("in flight already")
        self._in_flight.add(row.message_id)
        try:
            await self._publish(_message(row), row.routing_key)
        finally:
            self._in_flight.discard(row.message_id)

    async def _publish(self, message: Message, routing_key: str) -> None:
        if self._exchange is None:
            raise NotPublished("not connected to the broker")
        try:
            with cancelled_by_nobody_else():
                async with asyncio.timeout(CONFIRM_SECONDS):
                    await self._exchange.publish(message, routing_key, mandatory=True)
        except PublishError as error:
            raise Unroutable(f"nothing is bound to {routing_key}") from error
        except TimeoutError as error:
            await self._distrust()
            raise NotPublished(f"no confirm within {CONFIRM_SECONDS:.0f} s") from error
        except CONNECTION_ERRORS as error:
            raise NotPublished(repr(error)) from error

    async def _distrust(self) -> None:
        """A channel that owes a confirm may never pay: begin anew, unless the broker takes nothing now."""
        connected = self._connected
        if connected and not await connected.is_blocked():
            connected.tell()

    async def depth(self, queue: str) -> int:
        """Wire messages ready in `queue`; 0 when there is no such queue. Raises NotPublished."""
        if self._channel is None:
            raise NotPublished("not connected to the broker")
        try:
            with cancelled_by_nobody_else():
                async with asyncio.timeout(CONFIRM_SECONDS):
                    return await _depth(self._channel, queue)
        except CONNECTION_ERRORS as error:
            raise NotPublished(repr(error)) from error


async def _depth(channel: AbstractChannel, name: str) -> int:
    # Asking `name` passively would close the channel if it were absent; declaring costs nothing else.
    service, _, lane = name.partition(".")
    queue = next(q for q in topology.queues_of(service) if q.name == topology.queue_name(service, lane))
    declared = await channel.declare_queue(queue.name, durable=True, arguments=queue.arguments)
    return declared.declaration_result.message_count or 0


def _message(row: OutboxRow) -> Message:
    return Message(
        row.body,
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=str(row.message_id),
        type=row.type,
        headers={"events": row.events},
    )
