"""Memory of what went into the built-in outbox, as there was no sender."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import Float, Select, Text, Uuid, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from canvass_channels.tables import shelf

KEPT = timedelta(days=30)
_COLUMNS = {
    "id": Uuid(),
    "contact_id": Uuid(),
    "channel": Text(),
    "template": Text(),
    "recipients": JSONB(),
    "subject": Text(),
    "text": Text(),
    "html": Text(),
    "headers": JSONB(),
}


@dataclass(frozen=True, slots=True)
class Shelved:
    """A message as it would have left. `id` is the effect's, or a test's own."""

    id: UUID
    contact_id: UUID | None
    channel: str
    template: str | None
    recipients: Sequence[str]
    subject: str
    text: str
    html: str | None
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A message on the shelf, and since when it lies there."""

    message: Shelved
    kept_at: datetime


async def keep(tx: Tx, messages: Sequence[Shelved]) -> None:
    """Put messages there, each once."""
    values = [tuple(getattr(message, name) for name in _COLUMNS) for message in messages]
    given = rows("kept", _COLUMNS, values)
    inserting = insert(shelf).from_select(list(_COLUMNS), select(given))
    await tx.execute(inserting.on_conflict_do_nothing())


async def newest(tx: Tx, before: tuple[datetime, UUID] | None, limit: int) -> list[Found]:
    """Messages, the youngest first, those before a position of an earlier page."""
    place = shelf.c.kept_at, shelf.c.id
    query = _QUERY.order_by(*(column.desc() for column in place)).limit(limit)
    if before:
        query = query.where(func.row(*place) < func.row(*before))
    return [_found(row) for row in await tx.all(query)]


async def read(tx: Tx, id_: UUID) -> Found | None:
    """One message."""
    row = (await tx.execute(_QUERY.where(shelf.c.id == id_))).one_or_none()
    return _found(row) if row else None


_QUERY = select(*(shelf.c[name] for name in _COLUMNS), shelf.c.kept_at)


def _found(row: Any) -> Found:
    return Found(Shelved(*row[:-1]), row[-1])


def next_clearing(_: datetime) -> Select[Any]:
    """In how many seconds the oldest message has lain there long enough; both by real time."""
    return select(func.extract("epoch", func.min(shelf.c.kept_at) + KEPT - func.now()).cast(Float))


async def clear(tx: Tx, limit: int = 5_000) -> int:
    """Throw away what has lain there long enough, the oldest first; returns how many."""
    old = (
        select(shelf.c.id).where(shelf.c.kept_at <= func.now() - KEPT).order_by(shelf.c.kept_at).limit(limit)
    )
    return (await tx.execute(delete(shelf).where(shelf.c.id.in_(old)))).rowcount
