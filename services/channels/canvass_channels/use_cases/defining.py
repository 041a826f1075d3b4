"""People define templates, senders and destinations."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from canvass_messaging.timers import wake
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound

from canvass_channels.senders.designs import Undesignable
from canvass_channels.senders.headers import Unsendable, read_address, read_mailbox, subject_header
from canvass_channels.senders.press import Press
from canvass_channels.senders.reach import Reach, Unallowed
from canvass_channels.senders.smtp import read_server
from canvass_channels.senders.webhooks import new_secret, read_secret
from canvass_channels.store import definitions, deliveries
from canvass_channels.store.definitions import Destination, Sender, Template

from .ledger import SENDING

HIDDEN = "***"
"""Stands for a password or a secret wherever it is shown; sent back, it stays as it is."""
TWILIO = "https://api.twilio.com"

_LIQUID = re.compile(r"(?:\s*\{[%{]-|\{[%{]).*?(?:-[%}]\}\s*|[%}]\})", re.DOTALL)
"""With the space around it that a `-` takes away."""

T = TypeVar("T", Template, Sender, Destination)


async def read(tx: Tx, kind: type[T], key: str) -> T:
    """Raises NotFound."""
    found = await definitions.read(tx, kind, key)
    if found is None:
        kinds = f"{kind.__name__.lower()}s"
        raise NotFound(f"There is no {kind.__name__.lower()} {key!r}: list them with GET /{kinds}.")
    return found


async def check_template(press: Press, *, subject: str, text: str, html: str | None) -> None:
    """Raises Invalid with the line of each mistake, or where it grows without end. Needs no transaction.

    What stands in a subject beside its Liquid is the same for every contact: it must fit into a header.
    """
    headed = _wrong({"subject": lambda: subject_header(_LIQUID.sub("", subject))})
    if mistakes := headed | await press.check(subject, text, html):
        raise Invalid("The template is not right.", fields=mistakes)


async def html_of_design(press: Press, mjml: str) -> str:
    """What a design in MJML is sent as. Raises Invalid. Needs no transaction."""
    try:
        return await press.design(mjml)
    except Undesignable as error:
        raise Invalid("The design is not right.", fields={"mjml": str(error)}) from error


async def put_template(tx: Tx, key: str, current: Template | None, values: Mapping[str, Any]) -> Template:
    """Define a template that was checked, or define it anew. Raises Conflict."""
    put = await definitions.put(tx, Template, key, values, current.revision if current else None)
    await deliveries.bring_forward(tx, deliveries.for_template(key))
    wake(tx, SENDING)
    return _put(put, key)


async def put_sender(
    tx: Tx, key: str, current: Sender | None, values: Mapping[str, Any], reach: Reach
) -> Sender:
    """Define a sender, or define it anew. Raises Invalid or Conflict."""
    known = current if current and current.kind == values["kind"] else None
    complete = _sms(values, known) if values["kind"] == "sms" else _smtp(values, known)
    checks = _checks_of_sms(complete, reach) if values["kind"] == "sms" else _checks_of_smtp(complete)
    _refuse(_wrong(checks), "The sender cannot send.")
    put = await definitions.put(tx, Sender, key, complete, current.revision if current else None)
    await deliveries.bring_forward(tx, deliveries.for_sender())
    wake(tx, SENDING)
    return _put(put, key)


async def put_destination(
    tx: Tx, key: str, current: Destination | None, values: Mapping[str, Any], reach: Reach
) -> Destination:
    """Define a destination, or define it anew: then it is enabled. Raises Invalid or Conflict."""
    complete = {**values, "disabled": None}
    if values["kind"] == "webhook":
        complete["secret"] = _secret(values["secret"], current)
    checks = (
        _checks_of_webhook(complete, reach) if values["kind"] == "webhook" else _checks_of_notify(complete)
    )
    _refuse(_wrong(checks), "Nothing can be sent to this destination.")
    put = await definitions.put(tx, Destination, key, complete, current.revision if current else None)
    await deliveries.bring_forward(tx, deliveries.for_destination(key))
    wake(tx, SENDING)
    return _put(put, key)


def _checks_of_webhook(values: Mapping[str, Any], reach: Reach) -> dict[str, Callable[[], object]]:
    return {
        "url": lambda: reach.check_url(values["url"]),
        "secret": lambda: read_secret(values["secret"]),
    }


def _checks_of_notify(values: Mapping[str, Any]) -> dict[str, Callable[[], object]]:
    return {f"to.{place}": partial(read_address, one) for place, one in enumerate(values["recipients"])}


def _secret(given: str | None, current: Destination | None) -> str:
    """The one given, or the known one, or a new one."""
    if given and given != HIDDEN:
        return given
    return (current.secret if current else None) or new_secret()


def _smtp(values: Mapping[str, Any], known: Sender | None) -> dict[str, Any]:
    url = values["url"] or ""
    url = with_password_of(url, known.url) if known else url
    return {**values, "url": url, "account": None, "token": None}


def _checks_of_smtp(values: Mapping[str, Any]) -> dict[str, Callable[[], object]]:
    return {
        "url": lambda: read_server(values["url"]),
        "from": lambda: read_mailbox(values["from_address"]),
    }


def _sms(values: Mapping[str, Any], known: Sender | None) -> dict[str, Any]:
    token = known.token if known and values["token"] == HIDDEN else values["token"]
    return {**values, "url": values["url"] or TWILIO, "token": token}


def _checks_of_sms(values: Mapping[str, Any], reach: Reach) -> dict[str, Callable[[], object]]:
    return {
        "url": lambda: reach.check_url(values["url"]),
        "account": lambda: _there(values["account"], "the SID of your account, as AC…"),
        "token": lambda: _there(values["token"], "the auth token of your account"),
        "from": lambda: _there(values["from_address"], "a telephone number as +14165550123, or a name"),
    }


def _there(value: str | None, what: str) -> None:
    if not value or not value.isprintable() or value == HIDDEN:
        raise Unsendable(f"must be {what}")


def _wrong(checks: Mapping[str, Callable[[], object]]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for field, check in checks.items():
        try:
            check()
        except (Unsendable, Unallowed) as error:
            wrong[field] = str(error)
    return wrong


def _refuse(wrong: Mapping[str, str], detail: str) -> None:
    if wrong:
        raise Invalid(detail, fields=wrong)


def _put(put: T | None, key: str) -> T:
    if put is None:
        raise Conflict(f"{key!r} was changed by somebody else at this moment: read it again.")
    return put


def without_secrets(sender: Sender) -> Sender:
    """The sender as it may be shown."""
    token = HIDDEN if sender.token else None
    return replace(sender, url=_with_password(sender.url, HIDDEN), token=token)


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


def recipients_of(to: Sequence[str]) -> list[str]:
    """Each once, in the order in which they came."""
    return list(dict.fromkeys(one.strip() for one in to))
