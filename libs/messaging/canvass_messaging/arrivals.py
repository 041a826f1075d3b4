"""What has arrived in a lane and is not taken yet; and what a delivery says of itself."""

import asyncio
from collections import deque
from uuid import UUID

from aio_pika.abc import AbstractIncomingMessage
from canvass_schemas.ids import uuid7, uuid7_time
from canvass_schemas.wire import LANES

from . import topology
from .reading import Incoming

BATCH_EVENTS = 1000

ALONE_FROM = 2
"""Redeliveries after which a message is handled alone: it may be what ends the process."""
APART_FROM = 5
"""Redeliveries after which a message is taken apart, as if the broker had dead-lettered it."""


class Arrivals:
    """The deliveries of one connection: when it breaks they are nobody's, and come again on the next."""

    def __init__(self) -> None:
        self._waiting: deque[AbstractIncomingMessage] = deque()
        self.news = asyncio.Event()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    async def add(self, message: AbstractIncomingMessage) -> None:
        """Called by the driver with each delivery."""
        self._waiting.append(message)
        self.news.set()

    def take(self) -> list[AbstractIncomingMessage]:
        """What has arrived, up to the limit of events; a suspicious message alone."""
        batch = [self._waiting.popleft()]
        size = events(batch[0])
        while self._waiting and not is_suspicious(batch[0]):
            size += events(self._waiting[0])
            if is_suspicious(self._waiting[0]) or size > BATCH_EVENTS:
                break
            batch.append(self._waiting.popleft())
        self.news.clear()
        return batch


def incoming(message: AbstractIncomingMessage) -> Incoming:
    """The message, without a type (and so unreadable, and parked) if no relay of ours can have made it."""
    kind = message.type if isinstance(message.type, str) else ""
    try:
        id_ = UUID(message.message_id or "")
        uuid7_time(id_)
    except (ValueError, AttributeError, TypeError):
        return Incoming(uuid7(), "", message.body, redeliveries(message))
    return Incoming(id_, kind, message.body, redeliveries(message))


def events(message: AbstractIncomingMessage) -> int:
    """How many events it says it holds."""
    said = message.headers.get("events")
    return max(1, said) if isinstance(said, int) else 1


def redeliveries(message: AbstractIncomingMessage) -> int:
    """How often it was delivered before without being acknowledged."""
    count = message.headers.get("x-delivery-count")
    return count if isinstance(count, int) else 0


def is_dead_letter(message: AbstractIncomingMessage) -> bool:
    """Whether the broker gave it up."""
    return message.exchange == topology.DEAD_LETTERS


def is_suspicious(message: AbstractIncomingMessage) -> bool:
    """Whether it is better handled alone."""
    return redeliveries(message) >= ALONE_FROM or is_dead_letter(message)


def is_hopeless(message: AbstractIncomingMessage) -> bool:
    """Whether it is better taken apart."""
    return redeliveries(message) >= APART_FROM or is_dead_letter(message)


def lane(message: AbstractIncomingMessage, otherwise: str) -> str:
    """The lane of the queue in which it died; of a living one, that in which it was heard."""
    died_in = str(message.headers.get("x-first-death-queue") or "").rpartition(".")[2]
    return died_in if died_in in LANES else otherwise
