"""What happened, to whom, and when: facts as they pass, and what arrives in the world."""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage

EMAIL, SMS, WEBHOOK = "e-mail", "SMS", "webhook"


@dataclass(frozen=True, slots=True)
class Happening:
    """A fact (`what` is its type, `whom` its contact's id), or a message that has arrived (at an address)."""

    at: float
    """Seconds of the monotonic clock."""
    what: str
    whom: str
    details: Mapping[str, Any]
    id: str
    """Of the fact or the message: what has one id is one thing, however often it is said."""


class Timeline:
    """All that happened while somebody watched. Threads may add to it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._happened: list[Happening] = []

    def add(self, what: str, whom: str, details: Mapping[str, Any], id_: str) -> None:
        """Something happens now."""
        with self._lock:
            self._happened.append(Happening(monotonic(), what, whom, details, id_))

    def all(self) -> list[Happening]:
        """Everything so far."""
        with self._lock:
            return list(self._happened)

    def contacts(self, email: str) -> set[str]:
        """The ids of the contacts that have, or had, this address."""
        return {
            one.whom
            for one in self.all()
            if one.what == "tracking.contact_changed.v1" and one.details.get("email") == email
        }


class FactWatcher:
    """A subscriber like any other: a queue of its own on the topic exchange."""

    def __init__(self, url: str, timeline: Timeline) -> None:
        self._url = url
        self._timeline = timeline

    async def __aenter__(self) -> "FactWatcher":
        self._connection = await aio_pika.connect(self._url)
        channel = await self._connection.channel()
        exchange = await channel.get_exchange("canvass.events")
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(exchange, "#")
        await queue.consume(self._hear, no_ack=True)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()

    async def _hear(self, message: AbstractIncomingMessage) -> None:
        for event in json.loads(message.body):
            self._timeline.add(event["type"], event.get("subject") or "", event["data"], event["id"])


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition comes to hold within `seconds`."""
    deadline = monotonic() + seconds
    while not condition():
        if monotonic() > deadline:
            return False
        await asyncio.sleep(0.01)
    return True
