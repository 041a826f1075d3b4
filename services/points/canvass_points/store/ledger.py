"""Memory of what contacts earned, and of their scores. Contacts are locked by whoever calls."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, DateTime, Integer, Text, Uuid, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from canvass_points.domain.model import ActionKey, Entry, Score, ScoreChange
from canvass_points.tables import contacts, ledger

_ENTRY = {
    "contact_id": Uuid(),
    "event_id": Uuid(),
    "action": Text(),
    "action_revision": BigInteger(),
    "delta": Integer(),
    "at": DateTime(timezone=True),
}
"""In the order of `Entry`."""
_SCORE = {"contact_id": Uuid(), "score": BigInteger(), "score_revision": BigInteger()}
_of_entry = attrgetter(*_ENTRY)

Position = tuple[datetime, UUID, ActionKey]
"""Of a line in its contact's ledger."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was added to the ledger, beside the scores as they were before."""

    entries: list[Entry]
    scores: dict[UUID, Score]


async def add(tx: Tx, entries: Sequence[Entry]) -> Added:
    """Remember those lines that are not in the ledger yet; returns them."""
    given = rows("given", _ENTRY, [_of_entry(entry) for entry in entries])
    adding = insert(ledger).from_select(list(_ENTRY), select(given)).on_conflict_do_nothing()
    added = adding.returning(*(ledger.c[name] for name in _ENTRY)).cte("added")
    with_scores = select(added, contacts.c.score, contacts.c.score_revision).join(
        contacts, contacts.c.contact_id == added.c.contact_id
    )
    found = await tx.all(with_scores)
    new = [Entry(*row[:-2]) for row in found]
    return Added(new, {row[0]: Score(row[0], *row[-2:]) for row in found})


async def move(tx: Tx, merges: Mapping[UUID, UUID]) -> list[tuple[Score, int]]:
    """Give the lines of the keys to the values, each with the score as it was and what the lines are worth.

    The keys have a score of 0 then, as they have no lines.
    """
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges.items()))
    leaving = delete(ledger).where(ledger.c.contact_id == pairs.c.loser)
    moved = leaving.returning(pairs.c.winner, *(ledger.c[name] for name in list(_ENTRY)[1:])).cte("moved")
    adding = insert(ledger).from_select(list(_ENTRY), select(moved)).on_conflict_do_nothing()
    added = adding.returning(ledger.c.contact_id, ledger.c.delta).cte("added")
    worth = func.sum(added.c.delta)
    by_winner = (
        select(contacts.c.contact_id, contacts.c.score, contacts.c.score_revision, worth)
        .join(added, added.c.contact_id == contacts.c.contact_id)
        .group_by(contacts.c.contact_id)
    )
    found = [(Score(*row[:3]), int(row[3])) for row in await tx.all(by_winner)]
    lost = update(contacts).where(contacts.c.contact_id == pairs.c.loser, contacts.c.score != 0)
    await tx.execute(lost.values(score=0, score_revision=contacts.c.score_revision + 1))
    return found


async def keep_scores(tx: Tx, changes: Collection[ScoreChange]) -> None:
    """Remember scores."""
    given = rows("given", _SCORE, [(one.contact_id, one.score, one.revision) for one in changes])
    changing = update(contacts).where(contacts.c.contact_id == given.c.contact_id)
    await tx.execute(changing.values(score=given.c.score, score_revision=given.c.score_revision))


async def read_score(tx: Tx, contact_id: UUID) -> Score:
    """The score of who a contact is today."""
    merged_into = select(contacts.c.merged_into).where(contacts.c.contact_id == contact_id)
    today = await tx.scalar(merged_into) or contact_id
    query = select(contacts.c.contact_id, contacts.c.score, contacts.c.score_revision)
    found = (await tx.execute(query.where(contacts.c.contact_id == today))).one_or_none()
    return Score(*found) if found else Score(today)


async def read_entries(tx: Tx, contact_id: UUID, before: Position | None, limit: int) -> list[Entry]:
    """The lines of a contact, the latest first, those before a position."""
    key: tuple[Any, ...] = (ledger.c.at, ledger.c.event_id, ledger.c.action)
    query = select(*(ledger.c[name] for name in _ENTRY)).where(ledger.c.contact_id == contact_id)
    if before is not None:
        query = query.where(func.row(*key) < func.row(*before))
    query = query.order_by(*(column.desc() for column in key)).limit(limit)
    return [Entry(*row) for row in await tx.all(query)]
