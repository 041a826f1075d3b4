"""Memory of what contacts earned. Contacts are locked by whoever calls."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    delete,
    exists,
    func,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert

from canvass_points.domain.model import BY_HAND, ActionKey, Adjustment, Entry
from canvass_points.tables import earned_once, ledger

_EARNED = ("contact_id", "event_id", "action", "action_revision", "delta", "at")
_LINE = (*_EARNED, "reason", "adjusted_by")
_ONCE = ("contact_id", "action", "event_id", "at")
_ENTRY = {
    "contact_id": Uuid(),
    "event_id": Uuid(),
    "action": Text(),
    "action_revision": BigInteger(),
    "delta": Integer(),
    "at": DateTime(timezone=True),
    "once": Boolean(),
}
_of_entry = attrgetter(*_ENTRY)

Position = tuple[datetime, UUID, ActionKey]
"""Of a line in its contact's ledger."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown."""

    at: datetime
    event_id: UUID
    action: ActionKey
    action_revision: int
    delta: int
    reason: str | None
    adjusted_by: str | None


async def add(tx: Tx, entries: Sequence[Entry]) -> list[Entry]:
    """Remember those lines that are not in the ledger yet, and were not earned once before; returns them."""
    values = [_of_entry(entry) for entry in entries]
    given = select(rows("entries", _ENTRY, values)).cte("given")
    first = insert(earned_once).from_select(_ONCE, select(*_named(given, _ONCE)).where(given.c.once))
    firsts = first.on_conflict_do_nothing().returning(earned_once.c.contact_id, earned_once.c.action)
    first_time = tuple_(given.c.contact_id, given.c.action).in_(select(firsts.cte("firsts")))
    lines = select(*_named(given, _EARNED)).where(~given.c.once | first_time)
    adding = insert(ledger).from_select(_EARNED, lines).on_conflict_do_nothing()
    return [Entry(*row) for row in await tx.all(adding.returning(*_named(ledger, _EARNED)))]


async def adjust(tx: Tx, adjustment: Adjustment) -> None:
    """Remember points given or taken by hand."""
    row = {
        "contact_id": adjustment.contact_id,
        "at": adjustment.at,
        "event_id": adjustment.id,
        "action": BY_HAND,
        "action_revision": 0,
        "delta": adjustment.delta,
        "reason": adjustment.reason,
        "adjusted_by": adjustment.by,
    }
    await tx.execute(insert(ledger).values(row))


async def move(tx: Tx, merges: Mapping[UUID, UUID]) -> dict[UUID, int]:
    """Give the lines of the keys to the values; returns what they are worth to each.

    What is earned once and was earned by both, the winner keeps; the loser's line is no more.
    """
    pairs = select(rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges.items()))).cte("pairs")
    left = _left(ledger, pairs, _LINE).cte("left_behind")
    keys = _left(earned_once, pairs, _ONCE).cte("keys")
    uniting = insert(earned_once).from_select(_ONCE, select(keys).order_by(keys.c.at, keys.c.event_id))
    united = uniting.on_conflict_do_nothing().returning(*_named(earned_once, _ONCE)).cte("united")
    kept = select(left).where(~_holds(keys, left) | _holds(united, left))
    adding = insert(ledger).from_select(_LINE, kept).on_conflict_do_nothing()
    added = adding.returning(ledger.c.contact_id, ledger.c.delta).cte("added")
    worth = func.sum(added.c.delta).cast(BigInteger)
    found = await tx.all(select(added.c.contact_id, worth.label("worth")).group_by(added.c.contact_id))
    return {row.contact_id: row.worth for row in found}


def _left(table: Any, pairs: CTE, names: Sequence[str]) -> Any:
    """Take out the rows of the losers; returns them as their winners'."""
    others = [table.c[name] for name in names if name != "contact_id"]
    leaving = delete(table).where(table.c.contact_id == pairs.c.loser)
    return leaving.returning(pairs.c.winner.label("contact_id"), *others)


def _holds(keys: CTE, line: CTE) -> ColumnElement[bool]:
    same = (keys.c[name] == line.c[name] for name in ("contact_id", "action", "event_id"))
    return exists().where(and_(*same))


def _named(table: Any, names: Iterable[str]) -> list[Any]:
    return [table.c[name] for name in names]


async def read_lines(tx: Tx, contact_id: UUID, before: Position | None, limit: int) -> list[Line]:
    """The lines of a contact, the latest first, those before a position."""
    key: tuple[Any, ...] = (ledger.c.at, ledger.c.event_id, ledger.c.action)
    query = select(*_named(ledger, Line.__slots__)).where(ledger.c.contact_id == contact_id)
    if before is not None:
        query = query.where(func.row(*key) < func.row(*before))
    query = query.order_by(*(column.desc() for column in key)).limit(limit)
    return [Line(*row) for row in await tx.all(query)]
