"""People see what a template says to somebody, and have it sent to themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from canvass_runtime.db import Database, Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound

from canvass_channels.domain.answers import meaning
from canvass_channels.domain.model import Answer
from canvass_channels.domain.routing import choose_sender
from canvass_channels.senders.connections import Connections
from canvass_channels.senders.headers import Unsendable, read_mailbox, subject_header
from canvass_channels.senders.message import Content, Letterhead
from canvass_channels.senders.press_protocol import Job, Printed, Source, Spoiled
from canvass_channels.senders.sms import text_message
from canvass_channels.senders.smtp import Unreachable, read_server
from canvass_channels.store import contacts, definitions, shelf
from canvass_channels.store.definitions import Sender, Template
from canvass_channels.store.shelf import Shelved

from .desks import OUTBOX
from .tools import Tools
from .writing import account_of, shelved, spoken_of

SECONDS = 20.0
UNSUBSCRIBE_URL = "https://example.com/unsubscribe"
"""Stands in what is only tried: nobody unsubscribes by it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a message that was sent to try it."""

    accepted: bool
    provider: str
    """The sender's key, or `outbox`."""
    provider_id: str | None
    reason: str | None


async def known_contact(tx: Tx, contact_id: UUID) -> dict[str, Any]:
    """What templates may say of a contact. Raises NotFound."""
    found = await contacts.read(tx, contact_id)
    if found is None:
        raise NotFound(f"Channels know no contact {contact_id}.")
    return spoken_of(found)


def unsaved(subject: str, text: str, html: str | None) -> Source:
    """A template that nobody has put yet: it is known by what is in it."""
    digest = sha256("\0".join((subject, text, html or "")).encode()).hexdigest()
    return Source(f"u:{digest}", subject, text, html)


async def preview(
    tools: Tools, source: Source, contact: Mapping[str, Any], values: Mapping[str, Any]
) -> Printed:
    """What a template says to this contact; nothing in it is tracked. Raises Invalid."""
    given = {"contact": dict(contact), "values": dict(values), "unsubscribe_url": UNSUBSCRIBE_URL}
    (printed, *_) = await tools.press.print([Job(source, given)])
    if isinstance(printed, Spoiled):
        raise Invalid(f"It cannot be shown: {printed.reason}.")
    return printed


async def send(
    database: Database, tools: Tools, template: Template, printed: Printed, *, to: str, now: datetime
) -> Tried:
    """Send it by the sender that the template goes by. Raises Invalid or Conflict."""
    async with database.transaction() as tx:
        senders = {one.key: one for one in await definitions.read_all(tx, Sender)}
    kinds = {key: one.kind for key, one in senders.items()}
    way = choose_sender("sms" if template.channel == "sms" else "smtp", template.sender, kinds)
    if way.missing or way.wrong:
        raise Conflict(f"It cannot be sent: {way.missing or way.wrong}.")
    _check_subject(printed.subject)
    try:
        if way.sender is None:
            return await _shelve(database, template, printed, to)
        answer = await _answer(tools, senders[way.sender], printed, to, now)
    except Unsendable as error:
        raise Invalid("It cannot be sent.", fields={"to": str(error)}) from error
    accepted = meaning(answer) == "accepted"
    reason = None if accepted else f"{answer.code or 'no answer'} {answer.text}".strip()
    return Tried(accepted, way.sender, answer.provider_id, reason)


def _check_subject(subject: str) -> None:
    try:
        subject_header(subject)
    except Unsendable as error:
        raise Invalid("It cannot be sent.", fields={"subject": str(error)}) from error


async def _shelve(database: Database, template: Template, printed: Printed, to: str) -> Tried:
    message = Shelved(
        id=uuid4(),
        contact_id=None,
        channel=template.channel,
        template=template.key,
        recipients=[to],
        subject=printed.subject,
        text=printed.text,
        html=printed.html,
        headers={},
    )
    async with database.transaction() as tx:
        await shelf.keep(tx, [shelved(message)])
    return Tried(accepted=True, provider=OUTBOX, provider_id=str(message.id), reason=None)


async def _answer(tools: Tools, sender: Sender, printed: Printed, to: str, now: datetime) -> Answer:
    if sender.kind == "sms":
        return await tools.caller.send(text_message(account_of(sender), to, printed.text))
    content = Content(printed.subject, printed.text, printed.html)
    letterhead = Letterhead(read_mailbox(sender.from_address))
    envelope = letterhead.write(content, [to], uuid4(), now)
    connections = Connections(read_server(sender.url), 1, SECONDS)
    try:
        await connections.open(1)
        return await connections.send(envelope)
    except Unreachable as unreachable:
        return Answer("session", None, str(unreachable))
    finally:
        await connections.close()
