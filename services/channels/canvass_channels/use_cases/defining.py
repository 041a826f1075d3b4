"""People define templates and senders."""

from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from canvass_messaging.timers import wake
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound

from canvass_channels.senders.headers import Unsendable, read_mailbox
from canvass_channels.senders.rendering import Mistaken, compile_template
from canvass_channels.senders.smtp import read_server
from canvass_channels.store import definitions, deliveries
from canvass_channels.store.definitions import Sender, Template

from .intake import DEFAULT_SENDER
from .ledger import SENDING

HIDDEN = "***"
"""Stands for the password wherever a sender is shown; sent back, the password stays as it is."""

T = TypeVar("T", Template, Sender)


async def read(tx: Tx, kind: type[T], key: str) -> T:
    """Raises NotFound."""
    found = await definitions.read(tx, kind, key)
    if found is None:
        kinds = f"{kind.__name__.lower()}s"
        raise NotFound(f"There is no {kind.__name__.lower()} {key!r}: list them with GET /{kinds}.")
    return found


async def put_template(
    tx: Tx, key: str, current: Template | None, *, name: str, subject: str, text: str, html: str | None
) -> Template:
    """Define a template, or define it anew. Raises Invalid with the line of each mistake, or Conflict."""
    try:
        compile_template(subject, text, html)
    except Mistaken as mistaken:
        raise Invalid("The template is not right.", fields=mistaken.fields) from mistaken
    values = {"name": name, "subject": subject, "text": text, "html": html}
    put = await definitions.put(tx, Template, key, values, current.revision if current else None)
    await deliveries.bring_forward(tx, key)
    wake(tx, SENDING)
    return _put(put, key)


async def put_sender(
    tx: Tx, key: str, current: Sender | None, *, kind: str, url: str, from_address: str, connections: int
) -> Sender:
    """Define a sender, or define it anew. Raises Invalid or Conflict."""
    if key != DEFAULT_SENDER:
        raise Invalid(f"All messages are sent by the sender {DEFAULT_SENDER!r}: define that one.")
    url = with_password_of(url, current.url) if current else url
    wrong: dict[str, str] = {}
    for field, reading, given in (("url", read_server, url), ("from", read_mailbox, from_address)):
        try:
            reading(given)
        except Unsendable as unsendable:
            wrong[field] = str(unsendable)
    if wrong:
        raise Invalid("The sender cannot send.", fields=wrong)
    values = {"kind": kind, "url": url, "from_address": from_address, "connections": connections}
    put = await definitions.put(tx, Sender, key, values, current.revision if current else None)
    wake(tx, SENDING)
    return _put(put, key)


def _put(put: T | None, key: str) -> T:
    if put is None:
        raise Conflict(f"{key!r} was changed by somebody else at this moment: read it again.")
    return put


def without_password(sender: Sender) -> Sender:
    """The sender as it may be shown."""
    return replace(sender, url=_with_password(sender.url, HIDDEN))


def with_password_of(url: str, known: str) -> str:
    """The url, whose password is the known one's where it is hidden."""
    try:
        hidden, password = urlsplit(url).password == HIDDEN, urlsplit(known).password
    except ValueError:
        return url
    return _with_password(url, password) if hidden and password else url


def _with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    if parts.password is None:
        return url
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.split(':', 1)[0]}:{password}@{place}"))
