"""Memory of events that could not take effect yet: fed again, waiting for a contact, parked, discarded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never
from uuid import UUID

from canvass_runtime.db import Tx, rows
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import uuid7
from canvass_schemas.wire import dump
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    LargeBinary,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from .contacts import Merge
from .retries import DIED, Again, Park, Untried, Verdict

LEASE = timedelta(seconds=90)
"""How long an attempt may take before the event is taken up again by somebody else."""

WAIT_FOR_REVISION = timedelta(seconds=30)
"""How long a request waits for its contact's revision before its first attempt is counted."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """One event that could not take effect yet. `body` is a wire message of this one event.

    A request is about `contact_id` today, which must be known as of `needs_revision`, whatever its body says.
    """

    id: UUID
    lane: str
    type: str
    body: bytes
    attempt: int
    deaths: int
    contact_id: UUID | None
    needs_revision: int | None


_KEPT = ("id", "lane", "type", "body", "attempt", "deaths", "contact_id", "needs_revision")
_AS_IT_WAS: list[ColumnElement[Any]] = [literal_column(f"old.{name}") for name in _KEPT]
_COLUMNS = {
    "id": Uuid(),
    "lane": Text(),
    "type": Text(),
    "event_id": Uuid(),
    "contact_id": Uuid(),
    "body": LargeBinary(),
    "error": Text(),
    "first_at": DateTime(timezone=True),
    "next_at": DateTime(timezone=True),
    "needs_revision": BigInteger(),
    "parked_at": DateTime(timezone=True),
}


async def keep(tx: Tx, retries: Table, entries: Sequence[dict[str, Any]]) -> None:
    """Insert entries made by `failed`, `behind` or `unreadable`."""
    values = [{"id": uuid7(), "lane": tx.lane, **_clean(entry)} for entry in entries]
    given = rows("entries", _COLUMNS, values)
    await tx.execute(insert(retries).from_select(list(_COLUMNS), select(given)))


def _clean(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {name: _storable(entry[name]) for name in ("type", "error")}


def _storable(said: str) -> str:
    """What strangers and errors say may hold what PostgreSQL's text cannot."""
    return said.replace("\x00", "").encode(errors="replace").decode()


def failed(fact: Fact[Any], error: str, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """An entry for an event whose handler failed."""
    again = verdict.at if isinstance(verdict, Again) else None
    return _entry(fact, now, error=error, next_at=again, parked_at=None if again else now)


def behind(fact: Fact[Any], revision: int, now: datetime) -> dict[str, Any]:
    """An entry for a request about a contact that is not known as of `revision` yet."""
    error = f"waits until contact {fact.subject} is known as of revision {revision}"
    return _entry(fact, now, error=error, next_at=now + WAIT_FOR_REVISION, needs_revision=revision)


def unreadable(kind: str, body: bytes, error: str, now: datetime) -> dict[str, Any]:
    """An entry for bytes that are no event of ours: parked as they came."""
    return {"type": kind, "body": body, "error": error, "first_at": now, "parked_at": now} | dict.fromkeys(
        ("event_id", "contact_id", "next_at", "needs_revision")
    )


def _entry(fact: Fact[Any], now: datetime, **fields: Any) -> dict[str, Any]:
    return {
        "type": fact.type,
        "event_id": fact.id,
        "contact_id": fact.subject,
        "body": dump([fact]),
        # It waits since it happened: whoever asks how far we have heard must not be told of a later time.
        "first_at": min(now, _in_utc(fact.time) or now),
        "next_at": None,
        "needs_revision": None,
        "parked_at": None,
    } | fields


def _in_utc(time: datetime) -> datetime | None:
    """As PostgreSQL keeps it; None for what would be before the year 1 or after 9999 there.

    Such a time may be why the event failed, and what cannot be set aside either comes again for ever.
    """
    try:
        return time.astimezone(UTC)
    except OverflowError:
        return None


async def claim(tx: Tx, retries: Table) -> SetAside | None:
    """Take up the event that is due for the longest, if any.

    An attempt counts from here, and so does the death of the process, until the attempt is settled: an
    event that ends the process is found by counting. Hence one at a time: others would share the blame.
    """
    due = (
        select(retries.c.id)
        .where(retries.c.next_at <= func.now())
        .order_by(retries.c.next_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    counted = {"attempt": retries.c.attempt + 1, "deaths": retries.c.deaths + 1}
    claimed = (
        update(retries)
        .where(retries.c.id == due.scalar_subquery())
        .values(**counted, next_at=func.now() + LEASE, error=DIED)
        .returning(*_AS_IT_WAS)
    )
    found = await tx.all(claimed)
    return SetAside(*found[0]) if found else None


async def take(tx: Tx, retries: Table, id_: UUID) -> bool:
    """Remove an event because it takes effect in this transaction; False when somebody else has."""
    removed = delete(retries).where(retries.c.id == id_, retries.c.next_at.is_not(None))
    return bool((await tx.execute(removed)).rowcount)


async def put_back(tx: Tx, retries: Table, entry: SetAside, error: str, verdict: Verdict | Untried) -> None:
    """Settle a failed attempt: again later, or parked. Unless somebody else has taken the event up since."""
    ours = retries.c.attempt == entry.attempt + 1
    settled = update(retries).where(retries.c.id == entry.id, retries.c.next_at.is_not(None), ours)
    await tx.execute(settled.values(error=_storable(error), **_settled(entry, verdict)))


def _settled(entry: SetAside, verdict: Verdict | Untried) -> dict[str, Any]:
    match verdict:
        case Again(at):
            return {"deaths": 0, "next_at": at}
        case Untried(at):
            return {"deaths": entry.deaths, "attempt": entry.attempt, "next_at": at}
        case Park():
            return {"deaths": 0, "next_at": None, "parked_at": func.now()}
        case _:
            assert_never(verdict)


async def release(tx: Tx, retries: Table, contacts: Table, ids: Collection[UUID]) -> list[SetAside]:
    """Take out the requests whose contacts have become known as of the revision that they need.

    One that is being tried at this moment waits for the contact that we hold: it is left to that attempt.
    """
    ready = (
        select(retries.c.id)
        .join(contacts, retries.c.contact_id == contacts.c.contact_id)
        .where(
            retries.c.contact_id == bindparam("ids", sorted(ids), ARRAY(Uuid)).any_(),
            retries.c.needs_revision <= contacts.c.revision,
            retries.c.next_at.is_not(None),
        )
        .with_for_update(of=retries, skip_locked=True)
    )
    released = delete(retries).where(retries.c.id.in_(ready))
    return [SetAside(*row) for row in await tx.all(released.returning(*[retries.c[name] for name in _KEPT]))]


async def follow(tx: Tx, retries: Table, merges: Collection[Merge]) -> None:
    """Have what is set aside of merged contacts wait for their winners, with the merge in them."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid(), "revision": BigInteger()}, sorted(set(merges)))
    waiting = (
        select(retries.c.id)
        .join(pairs, retries.c.contact_id == pairs.c.loser)
        .where(retries.c.next_at.is_not(None))
        .with_for_update(of=retries, skip_locked=True)  # one being tried is heard of its winner anyway
    )
    revision = case((retries.c.needs_revision.is_not(None), pairs.c.revision))
    followed = update(retries).where(retries.c.id.in_(waiting), retries.c.contact_id == pairs.c.loser)
    await tx.execute(followed.values(contact_id=pairs.c.winner, needs_revision=revision))
