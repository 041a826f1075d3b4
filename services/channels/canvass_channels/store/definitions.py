"""Memory of what people define: templates and senders."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, TypeVar

from canvass_runtime.db import Tx, rows
from sqlalchemy import Integer, Table, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_channels.tables import destinations, senders, templates


@dataclass(frozen=True, slots=True)
class Template:
    """What is written to contacts; subject, text and html are Liquid."""

    key: str
    channel: str
    name: str
    sender: str | None
    """By which sender, when not by the default one."""
    subject: str
    text: str
    mjml: str | None
    """The design that `html` was made from, if it was."""
    html: str | None
    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """By whom it is sent: an SMTP server, or a provider of SMS. `url` may hold a password."""

    key: str
    kind: str
    url: str
    account: str | None
    token: str | None = field(repr=False)
    from_address: str
    connections: int
    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """Where it is sent that is not the contact: a webhook's receiver, or people of ours."""

    key: str
    kind: str
    url: str | None
    secret: str | None = field(repr=False)
    recipients: Sequence[str]
    subject: str | None
    text: str | None
    disabled: str | None
    """Why nothing is sent there any more."""
    revision: int
    updated_at: datetime


T = TypeVar("T", Template, Sender, Destination)
_TABLES: Mapping[type[Any], Table] = {Template: templates, Sender: senders, Destination: destinations}


async def read(tx: Tx, kind: type[T], key: str, *, lock: bool = False) -> T | None:
    """One definition. With `lock`, nobody else changes it until the transaction ends."""
    table = _TABLES[kind]
    query = _query(kind).where(table.c.key == key)
    row = (await tx.execute(query.with_for_update() if lock else query)).one_or_none()
    return kind(*row) if row else None


async def list_after(tx: Tx, kind: type[T], after: str | None, limit: int) -> list[T]:
    """Definitions in the order of their keys, those after a key."""
    table = _TABLES[kind]
    query = _query(kind).order_by(table.c.key).limit(limit)
    return [kind(*row) for row in await tx.all(query.where(table.c.key > after) if after else query)]


async def read_all(tx: Tx, kind: type[T], keys: Collection[str] | None = None) -> list[T]:
    """All there are, or those of the `keys` that there are."""
    query = _query(kind)
    if keys is not None:
        query = query.where(_TABLES[kind].c.key == bindparam("keys", sorted(keys), ARRAY(Text)).any_())
    return [kind(*row) for row in await tx.all(query)]


async def disable(tx: Tx, gone: Mapping[str, int], reason: str) -> None:
    """Send nothing more to these destinations, if they are as they were at this revision."""
    given = rows("gone", {"key": Text(), "revision": Integer()}, sorted(gone.items()))
    same = (destinations.c.key == given.c.key) & (destinations.c.revision == given.c.revision)
    values = {"disabled": reason, "revision": destinations.c.revision + 1}
    await tx.execute(update(destinations).where(same).values(**values))


async def put(tx: Tx, kind: type[T], key: str, values: Mapping[str, Any], current: int | None) -> T | None:
    """Define it, or define it anew where `current` is its revision; None if it is another by now."""
    table = _TABLES[kind]
    inserting = insert(table).values(key=key, revision=1, **values)
    changed = {**values, "revision": table.c.revision + 1, "updated_at": func.now()}
    putting = inserting.on_conflict_do_update(
        index_elements=["key"], set_=changed, where=table.c.revision == (current or 0)
    )
    row = (await tx.execute(putting.returning(*_columns(kind)))).one_or_none()
    return kind(*row) if row else None


def _columns(kind: type[Any]) -> list[Any]:
    return [_TABLES[kind].c[field.name] for field in fields(kind)]


def _query(kind: type[Any]) -> Any:
    return select(*_columns(kind))
