"""Memory of what contacts did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, cast
from uuid import UUID

from canvass_rules import BehaviourKind
from canvass_runtime.db import Tx, rows
from sqlalchemy import DateTime, Select, Text, Uuid, delete, literal, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, insert

from canvass_segments.domain.model import Behaviour
from canvass_segments.store.definitions import generation
from canvass_segments.tables import behaviours

_COLUMNS = {
    "contact_id": Uuid(),
    "at": DateTime(timezone=True),
    "event_id": Uuid(),
    "kind": Text(),
    "name": Text(),
    "properties": JSONB(),
    "url": Text(),
    "title": Text(),
    "template": Text(),
    "campaign": Text(),
}
_NAMES = list(_COLUMNS)
_told = attrgetter(*_NAMES)


async def keep(tx: Tx, done: Sequence[Behaviour]) -> int:
    """Remember what was done, each event once; returns the generation of the definitions it is judged by."""
    given = rows("given", _COLUMNS, [_told(one) for one in done])
    inserting = insert(behaviours).from_select(_NAMES, select(given)).on_conflict_do_nothing()
    kept = inserting.returning(literal(1)).cte("kept")
    return await tx.scalar(select(generation()).add_cte(kept))


async def move(tx: Tx, merges: Mapping[UUID, UUID]) -> tuple[int, list[tuple[UUID, BehaviourKind, str]]]:
    """Give what the keys did to the values.

    Returns the generation of the definitions, and what was moved, each once: who has it now, kind, name.
    """
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges.items()))
    leaving = delete(behaviours).where(behaviours.c.contact_id == pairs.c.loser)
    moved = leaving.returning(pairs.c.winner, *(behaviours.c[name] for name in _NAMES[1:])).cte("moved")
    inserting = insert(behaviours).from_select(_NAMES, select(moved)).on_conflict_do_nothing()
    kept = inserting.returning(literal(1)).cte("kept")
    distinct = select(moved.c.winner, moved.c.kind, moved.c.name).distinct().add_cte(kept)
    found = [tuple(row) for row in await tx.all(distinct)]
    return await tx.scalar(select(generation())), cast("Any", found)


async def read_history(
    tx: Tx, contact_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[Behaviour]:
    """What a contact did, the newest first; `before` is the time and event of the last one that was shown."""
    return [Behaviour(**row._mapping) for row in await tx.all(history(contact_id, before, limit))]


def history(contact_id: UUID, before: tuple[datetime, UUID] | None, limit: int) -> Select[Any]:
    """By the key, from its end."""
    place = behaviours.c.at, behaviours.c.event_id
    query = select(*(behaviours.c[name] for name in _NAMES)).where(behaviours.c.contact_id == contact_id)
    if before is not None:
        query = query.where(tuple_(*place) < before)
    return query.order_by(*(column.desc() for column in place)).limit(limit)
