"""Memory of when time alone may next change a verdict.

What is kept is never too late, and may be too early: a window that moves on with each behaviour would
otherwise be written with each of them. Whoever is judged in vain gets the next time then.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import DateTime, Float, Select, Text, Uuid, bindparam, delete, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_segments.domain.model import SegmentKey, Verdict
from canvass_segments.tables import reviews

_NEXT = {"contact_id": Uuid(), "segment": Text(), "next_at": DateTime(timezone=True)}


async def keep(tx: Tx, verdicts: Sequence[Verdict]) -> None:
    """Remember when to judge again, where that is sooner than is known."""
    given = rows("given", _NEXT, [(one.contact_id, one.segment, one.next_at) for one in verdicts])
    inserting = insert(reviews).from_select(list(_NEXT), select(given))
    sooner = func.least(reviews.c.next_at, inserting.excluded.next_at)
    keys = ["contact_id", "segment"]
    await tx.execute(inserting.on_conflict_do_update(index_elements=keys, set_={"next_at": sooner}))


def seconds_until_due(now: datetime) -> Select[Any]:
    """When somebody is next to be judged."""
    return select(func.extract("epoch", func.min(reviews.c.next_at) - _at(now)).cast(Float))


async def contacts_due(tx: Tx, now: datetime, limit: int) -> list[UUID]:
    """Contacts whose time has come, those first who have waited longest; perhaps one of them twice."""
    query = select(reviews.c.contact_id).where(reviews.c.next_at <= _at(now))
    return await tx.scalars(query.order_by(reviews.c.next_at).limit(limit))


async def take_due(tx: Tx, contact_ids: Collection[UUID], now: datetime) -> list[tuple[UUID, SegmentKey]]:
    """What is due of contacts that are locked, and is forgotten with that."""
    among = reviews.c.contact_id == bindparam("ids", sorted(contact_ids), ARRAY(Uuid)).any_()
    taking = delete(reviews).where(among, reviews.c.next_at <= _at(now))
    return [
        (row[0], row[1]) for row in await tx.all(taking.returning(reviews.c.contact_id, reviews.c.segment))
    ]


def _at(now: datetime) -> Any:
    return literal(now, DateTime(timezone=True))
