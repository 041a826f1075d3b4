"""What was filled in and is not confirmed yet."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import DateTime, LargeBinary, Text, Uuid, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from canvass_tracking.domain.forms import CONFIRMABLE
from canvass_tracking.tables import confirmations


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission that counts once whoever has the link with this mark confirms it."""

    mark: bytes
    contact_id: UUID
    form: str
    submission_id: str
    filled: dict[str, Any]
    asked_at: datetime


_KINDS = {
    "mark": LargeBinary(),
    "contact_id": Uuid(),
    "form": Text(),
    "submission_id": Text(),
    "filled": JSONB(),
    "asked_at": DateTime(timezone=True),
}


async def keep(tx: Tx, waiting: Sequence[Waiting]) -> None:
    """Remember submissions."""
    values = [tuple(getattr(one, name) for name in _KINDS) for one in waiting]
    given = select(rows("given", _KINDS, values))
    await tx.execute(insert(confirmations).from_select(list(_KINDS), given).on_conflict_do_nothing())


async def count(tx: Tx, contacts: Collection[UUID], now: datetime) -> Counter[tuple[UUID, str]]:
    """How often each contact was asked by each form in the last hour."""
    asked = confirmations.c
    given = rows("given", {"contact_id": Uuid()}, [(one,) for one in contacts])
    lately = asked.asked_at > now - timedelta(hours=1)
    query = select(asked.contact_id, asked.form, func.count()).where(
        asked.contact_id.in_(select(given.c.contact_id)), lately
    )
    found = await tx.all(query.group_by(asked.contact_id, asked.form))
    return Counter({(contact_id, form): times for contact_id, form, times in found})


async def read(tx: Tx, mark: bytes, now: datetime) -> Waiting | None:
    """What waits for this link, unless it was asked too long ago."""
    query = select(*(confirmations.c[name] for name in _KINDS)).where(
        confirmations.c.mark == mark, confirmations.c.asked_at > now - CONFIRMABLE
    )
    found = await tx.all(query)
    return Waiting(*found[0]) if found else None


async def forget(tx: Tx, now: datetime) -> int:
    """Delete what can be confirmed no longer; returns how many."""
    return (
        await tx.execute(delete(confirmations).where(confirmations.c.asked_at <= now - CONFIRMABLE))
    ).rowcount
