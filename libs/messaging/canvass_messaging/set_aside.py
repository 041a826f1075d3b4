"""Memory of events that could not take effect yet: fed again, waiting for a contact, parked, discarded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import uuid7
from canvass_schemas.wire import dump
from sqlalchemy import (
    BigInteger,
    DateTime,
    LargeBinary,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from .retries import DIED, Again, Verdict

LEASE = timedelta(seconds=90)
"""How long an attempt may take before the event is taken up again by somebody else."""

WAIT_FOR_REVISION = timedelta(seconds=30)
"""How long a request waits for its contact's revision before its first attempt is counted."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """One event that could not take effect yet. `body` is a wire message of this one event."""

    id: UUID
    lane: str
    type: str
    body: bytes
    attempt: int
    error: str


_KEPT = ("id", "lane", "type", "body", "attempt", "error")
_COLUMNS = {
    "id": Uuid(),
    "lane": Text(),
    "type": Text(),
    "event_id": Uuid(),
    "contact_id": Uuid(),
    "body": LargeBinary(),
    "error": Text(),
    "next_at": DateTime(timezone=True),
    "needs_revision": BigInteger(),
    "parked_at": DateTime(timezone=True),
}


async def keep(tx: Tx, retries: Table, entries: Sequence[dict[str, Any]]) -> None:
    """Insert entries made by `failed`, `behind` or `unreadable`."""
    given = rows("entries", _COLUMNS, [{"id": uuid7(), "lane": tx.lane, **entry} for entry in entries])
    await tx.execute(insert(retries).from_select(list(_COLUMNS), select(given)))


def failed(fact: Fact[Any], error: str, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """An entry for an event whose handler failed."""
    again = verdict.at if isinstance(verdict, Again) else None
    return _entry(fact, error=error, next_at=again, parked_at=None if again else now)


def behind(fact: Fact[Any], revision: int, now: datetime) -> dict[str, Any]:
    """An entry for a request about a contact that is not known as of `revision` yet."""
    error = f"waits until contact {fact.subject} is known as of revision {revision}"
    return _entry(fact, error=error, next_at=now + WAIT_FOR_REVISION, needs_revision=revision)


def unreadable(kind: str, body: bytes, error: str, now: datetime) -> dict[str, Any]:
    """An entry for bytes that are no event of ours: parked as they came."""
    return {"type": kind, "body": body, "error": error, "parked_at": now} | dict.fromkeys(
        ("event_id", "contact_id", "next_at", "needs_revision")
    )


def _entry(fact: Fact[Any], **fields: Any) -> dict[str, Any]:
    entry = {"type": fact.type, "event_id": fact.id, "contact_id": fact.subject, "body": dump([fact])}
    return entry | {"next_at": None, "needs_revision": None, "parked_at": None} | fields


async def claim(tx: Tx, retries: Table, limit: int) -> list[SetAside]:
    """Take up events that are due. An attempt counts from here: one that ends the process counts too."""
    due = (
        select(retries.c.id)
        .where(retries.c.next_at <= func.now())
        .order_by(retries.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(retries)
        .where(retries.c.id.in_(due))
        .values(attempt=retries.c.attempt + 1, next_at=func.now() + LEASE, error=DIED)
        .returning(*[retries.c[name] for name in _KEPT if name != "error"], text("old.error"))
    )
    return [SetAside(*row) for row in await tx.all(claimed)]


async def take(tx: Tx, retries: Table, id_: UUID) -> bool:
    """Remove an event because it takes effect in this transaction; False when somebody else has."""
    removed = delete(retries).where(retries.c.id == id_, retries.c.next_at.is_not(None))
    return bool((await tx.execute(removed)).rowcount)


async def put_back(tx: Tx, retries: Table, id_: UUID, error: str, verdict: Verdict) -> None:
    """Settle a failed attempt: again later, or parked."""
    values = {"error": error, "next_at": verdict.at if isinstance(verdict, Again) else None}
    parked_at = None if isinstance(verdict, Again) else func.now()
    await tx.execute(update(retries).where(retries.c.id == id_).values(**values, parked_at=parked_at))


async def release(tx: Tx, retries: Table, contacts: Table, ids: Collection[UUID]) -> list[SetAside]:
    """Take out the requests whose contacts have become known as of the revision that they need."""
    ready = (
        delete(retries)
        .where(
            retries.c.contact_id == bindparam("ids", sorted(ids), ARRAY(Uuid)).any_(),
            retries.c.contact_id == contacts.c.contact_id,
            retries.c.needs_revision <= contacts.c.revision,
            retries.c.next_at.is_not(None),
        )
        .returning(*[retries.c[name] for name in _KEPT])
    )
    return [SetAside(*row) for row in await tx.all(ready)]
