"""Memory of journeys: one row each, found by the contact and the campaign."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import Integer, Select, Text, Uuid, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_campaigns.domain.model import Journey
from canvass_campaigns.store.journey_rows import COLUMNS, KEY, journey_of, row_of
from canvass_campaigns.tables import journeys


async def read_journeys(tx: Tx, of: Collection[tuple[UUID, str]]) -> list[Journey]:
    """All journeys, past and present, of these contacts in these campaigns."""
    wanted = rows("wanted", {"contact_id": Uuid(), "campaign": Text()}, sorted(of))
    query = select(journeys).join(
        wanted,
        (journeys.c.contact_id == wanted.c.contact_id) & (journeys.c.campaign == wanted.c.campaign),
    )
    return [journey_of(row) for row in await tx.all(query)]


async def read_journeys_of(tx: Tx, contact_ids: Collection[UUID]) -> list[Journey]:
    """All journeys of these contacts, in the order in which they began."""
    query = (
        select(journeys)
        .where(journeys.c.contact_id == bindparam("ids", sorted(contact_ids), ARRAY(Uuid)).any_())
        .order_by(journeys.c.began_at, journeys.c.journey_id)
    )
    return [journey_of(row) for row in await tx.all(query)]


async def keep_journeys(tx: Tx, changed: Sequence[Journey]) -> None:
    """Remember how these journeys stand now; those that are new begin here."""
    if not changed:
        return
    given = rows("changed", COLUMNS, [row_of(journey) for journey in changed])
    inserting = insert(journeys).from_select(list(COLUMNS), select(given))
    moved = {name: inserting.excluded[name] for name in COLUMNS if name not in KEY}
    await tx.execute(inserting.on_conflict_do_update(index_elements=KEY, set_=moved))


async def hand_over(tx: Tx, moved: Iterable[tuple[Journey, UUID]]) -> None:
    """Give journeys to other contacts, who have none of the same campaign and entry."""
    given = rows(
        "moved",
        {"contact_id": Uuid(), "campaign": Text(), "entry": Integer(), "winner": Uuid()},
        [(journey.contact_id, journey.campaign, journey.entry, winner) for journey, winner in moved],
    )
    same = [journeys.c[name] == given.c[name] for name in KEY]
    await tx.execute(update(journeys).where(*same).values(contact_id=given.c.winner))


async def read_journey(tx: Tx, id_: UUID) -> Journey | None:
    """One journey by its id."""
    row = (await tx.execute(select(journeys).where(journeys.c.journey_id == id_))).one_or_none()
    return journey_of(row) if row else None


Place = tuple[datetime, UUID]
"""Where a page of journeys ended: when the last one began, and its id."""


async def list_journeys(
    tx: Tx, campaign: str, before: Place | None, limit: int, *, step: str | None = None
) -> list[Journey]:
    """A campaign's journeys, the youngest first, those before a place; with `step` those that rest there."""
    query = select(journeys).where(journeys.c.campaign == campaign)
    if step is not None:
        query = query.where(journeys.c.positions.contains([[step]]), journeys.c.ended_at.is_(None))
    return await _page(tx, query, before, limit)


async def list_journeys_of(tx: Tx, contact_id: UUID, before: Place | None, limit: int) -> list[Journey]:
    """A contact's journeys, the youngest first, those before a place."""
    return await _page(tx, select(journeys).where(journeys.c.contact_id == contact_id), before, limit)


async def _page(tx: Tx, query: Select[Any], before: Place | None, limit: int) -> list[Journey]:
    place = journeys.c.began_at, journeys.c.journey_id
    if before:
        query = query.where(func.row(*place) < func.row(*before))
    query = query.order_by(*(column.desc() for column in place)).limit(limit)
    return [journey_of(row) for row in await tx.all(query)]


def by_pair(found: Iterable[Journey]) -> Mapping[tuple[UUID, str], list[Journey]]:
    """The journeys of each contact in each campaign."""
    pairs: dict[tuple[UUID, str], list[Journey]] = {}
    for journey in found:
        pairs.setdefault((journey.contact_id, journey.campaign), []).append(journey)
    return pairs
