"""Hears the facts that follow from one event, and the mail that arrives for one address, and when."""

import asyncio
import json
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

EMAIL = "e-mail"


class Timeline:
    """What happened when, in seconds of the monotonic clock. Threads may add to it."""

    def __init__(self, message_id: str) -> None:
        self._message_id = message_id
        self._lock = threading.Lock()
        self._mails: list[float] = []
        self._facts: list[tuple[float, dict[str, Any]]] = []

    def add_mail(self) -> None:
        """A mail for the visitor has come."""
        with self._lock:
            self._mails.append(monotonic())

    def add_fact(self, event: dict[str, Any]) -> None:
        """A fact has passed."""
        self._facts.append((monotonic(), event))

    def times(self, what: str) -> list[float]:
        """When it happened: a mail, or a fact that is or follows from the event with the message id."""
        if what == EMAIL:
            return self._mails
        root = self.event_id(self._message_id)
        happened = [(at, fact) for at, fact in self._facts if fact["type"] == what]
        return [at for at, fact in happened if root and root in {fact["id"], fact.get("correlationid")}]

    def event_id(self, message_id: str) -> str | None:
        """The id of the behaviour that a site sent with this message id; None if it has not passed."""
        ids = (fact["id"] for _, fact in self._facts if fact["data"].get("message_id") == message_id)
        return next(ids, None)


class Mailbox:
    """An SMTP server's handler that notes the mail for one address."""

    def __init__(self, timeline: Timeline, address: str) -> None:
        self._timeline = timeline
        self._address = address

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook: a whole message has been received."""
        if self._address in envelope.rcpt_tos:
            self._timeline.add_mail()
        return "250 kept"


def start_smtp_server(timeline: Timeline, address: str, port: int) -> Controller:
    """A real SMTP server on loopback, in a thread of its own. Stop it with `.stop()`."""
    controller = Controller(Mailbox(timeline, address), hostname="127.0.0.1", port=port)
    controller.start()
    return controller


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
            self._timeline.add_fact(event)


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition comes to hold within `seconds`."""
    deadline = monotonic() + seconds
    while not condition():
        if monotonic() > deadline:
            return False
        await asyncio.sleep(0.01)
    return True
