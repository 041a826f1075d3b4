"""Memory of journeys: one row each, found by the contact and the campaign."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import DateTime, Integer, Row, Text, Uuid, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from canvass_campaigns.domain.model import Journey, Position
from canvass_campaigns.tables import journeys

_KEY = ("contact_id", "campaign", "entry")
_COLUMNS = {
    "contact_id": Uuid(),
    "campaign": Text(),
    "entry": Integer(),
    "journey_id": Uuid(),
    "version": Integer(),
    "positions": JSONB(),
    "visits": JSONB(),
    "wakes_at": DateTime(timezone=True),
    "began_at": DateTime(timezone=True),
    "ended_at": DateTime(timezone=True),
    "end_reason": Text(),
}


async def read_journeys(tx: Tx, of: Collection[tuple[UUID, str]]) -> list[Journey]:
    """All journeys, past and present, of these contacts in these campaigns."""
    wanted = rows("wanted", {"contact_id": Uuid(), "campaign": Text()}, sorted(of))
    query = select(journeys).join(
        wanted,
        (journeys.c.contact_id == wanted.c.contact_id) & (journeys.c.campaign == wanted.c.campaign),
    )
    return [_journey(row) for row in await tx.all(query)]


async def read_journeys_of(tx: Tx, contact_ids: Collection[UUID]) -> list[Journey]:
    """All journeys of these contacts, in the order in which they began."""
    query = (
        select(journeys)
        .where(journeys.c.contact_id == bindparam("ids", sorted(contact_ids), ARRAY(Uuid)).any_())
        .order_by(journeys.c.began_at, journeys.c.journey_id)
    )
    return [_journey(row) for row in await tx.all(query)]


async def read_due(tx: Tx, campaign: str, contact_ids: Collection[UUID], now: datetime) -> list[Journey]:
    """The journeys of these contacts that should wake by now."""
    query = select(journeys).where(
        journeys.c.contact_id == bindparam("ids", sorted(contact_ids), ARRAY(Uuid)).any_(),
        journeys.c.campaign == campaign,
        journeys.c.wakes_at <= now,
    )
    return [_journey(row) for row in await tx.all(query)]


async def contacts_due(tx: Tx, campaign: str, now: datetime, limit: int) -> list[UUID]:
    """Whose journeys should wake by now, the longest due first. Nothing is locked yet: read them again."""
    query = (
        select(journeys.c.contact_id)
        .where(journeys.c.campaign == campaign, journeys.c.wakes_at <= now)
        .order_by(journeys.c.wakes_at)
        .limit(limit)
    )
    return await tx.scalars(query)


async def keep_journeys(tx: Tx, changed: Sequence[Journey]) -> None:
    """Remember how these journeys stand now; those that are new begin here."""
    if not changed:
        return
    given = rows("changed", _COLUMNS, [_row(journey) for journey in changed])
    inserting = insert(journeys).from_select(list(_COLUMNS), select(given))
    moved = {name: inserting.excluded[name] for name in _COLUMNS if name not in _KEY}
    await tx.execute(inserting.on_conflict_do_update(index_elements=_KEY, set_=moved))


async def hand_over(tx: Tx, moved: Iterable[tuple[Journey, UUID]]) -> None:
    """Give journeys to other contacts, who have none of the same campaign and entry."""
    given = rows(
        "moved",
        {"contact_id": Uuid(), "campaign": Text(), "entry": Integer(), "winner": Uuid()},
        [(journey.contact_id, journey.campaign, journey.entry, winner) for journey, winner in moved],
    )
    same = [journeys.c[name] == given.c[name] for name in _KEY]
    await tx.execute(update(journeys).where(*same).values(contact_id=given.c.winner))


async def read_journey(tx: Tx, id_: UUID) -> Journey | None:
    """One journey by its id."""
    row = (await tx.execute(select(journeys).where(journeys.c.journey_id == id_))).one_or_none()
    return _journey(row) if row else None


async def list_journeys(
    tx: Tx, campaign: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[Journey]:
    """A campaign's journeys, the youngest first, those before a position of an earlier page."""
    query = select(journeys).where(journeys.c.campaign == campaign)
    place = journeys.c.began_at, journeys.c.journey_id
    if before:
        query = query.where(func.row(*place) < func.row(*before))
    query = query.order_by(*(column.desc() for column in place)).limit(limit)
    return [_journey(row) for row in await tx.all(query)]


def _row(journey: Journey) -> tuple[Any, ...]:
    """In the order of `_COLUMNS`."""
    return (
        journey.contact_id,
        journey.campaign,
        journey.entry,
        journey.id,
        journey.version,
        [(at.step, at.visit, at.wakes_at and at.wakes_at.isoformat()) for at in journey.open],
        journey.visits,
        journey.wakes_at,
        journey.began_at,
        journey.ended_at,
        journey.end,
    )


def _journey(row: Row[Any]) -> Journey:
    return Journey(
        id=row.journey_id,
        contact_id=row.contact_id,
        campaign=row.campaign,
        version=row.version,
        entry=row.entry,
        open=tuple(_position(*position) for position in row.positions),
        visits=row.visits,
        began_at=row.began_at,
        ended_at=row.ended_at,
        end=row.end_reason,
    )


def _position(step: str, visit: int, wakes_at: str | None) -> Position:
    return Position(step, visit, datetime.fromisoformat(wakes_at) if wakes_at else None)


def by_pair(found: Iterable[Journey]) -> Mapping[tuple[UUID, str], list[Journey]]:
    """The journeys of each contact in each campaign."""
    pairs: dict[tuple[UUID, str], list[Journey]] = {}
    for journey in found:
        pairs.setdefault((journey.contact_id, journey.campaign), []).append(journey)
    return pairs
