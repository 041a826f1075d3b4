"""What was given up on, for whoever looks after it: list, replay, discard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from sqlalchemy import Table, func, select, update

from .retries import RETRIES_TIMER
from .timers import wake

COLUMNS = (
    "id",
    "lane",
    "type",
    "event_id",
    "contact_id",
    "body",
    "error",
    "attempt",
    "first_at",
    "parked_at",
)


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that was given up on. `body` is its wire message, or the bytes that could not be read."""

    id: UUID
    lane: str
    type: str
    event_id: UUID | None
    contact_id: UUID | None
    body: bytes
    error: str
    attempt: int
    first_at: datetime
    parked_at: datetime


def _waiting(retries: Table) -> Any:
    return retries.c.parked_at.is_not(None) & retries.c.discarded_at.is_(None)


async def read_parked(
    tx: Tx, retries: Table, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Parked]:
    """Parked events, the longest parked first, after a position (`parked_at`, `id`) of an earlier page."""
    query = select(*(retries.c[name] for name in COLUMNS)).where(_waiting(retries))
    if after:
        query = query.where(func.row(retries.c.parked_at, retries.c.id) > func.row(*after))
    query = query.order_by(retries.c.parked_at, retries.c.id).limit(limit)
    return [Parked(*row) for row in await tx.all(query)]


async def replay(tx: Tx, retries: Table, id_: UUID) -> bool:
    """Feed a parked event again, with all its attempts before it; False when none such is parked."""
    wake(tx, RETRIES_TIMER)
    again = {"parked_at": None, "attempt": 0, "next_at": func.now()}
    return await _settle(tx, retries, id_, again)


async def discard(tx: Tx, retries: Table, id_: UUID, reason: str) -> bool:
    """Give a parked event up for good; it is kept with the reason. False when none such is parked."""
    return await _settle(tx, retries, id_, {"discarded_at": func.now(), "discarded_because": reason})


async def _settle(tx: Tx, retries: Table, id_: UUID, values: dict[str, Any]) -> bool:
    settled = update(retries).where(retries.c.id == id_, _waiting(retries)).values(**values)
    return bool((await tx.execute(settled)).rowcount)
