"""Memory of the members of segments that published campaigns asked for, until they enter."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Float, Select, Text, Uuid, bindparam, delete, exists, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_campaigns.tables import arrivals, campaigns


@dataclass(frozen=True, slots=True)
class Arrival:
    """A member of a segment that is a source of a campaign, and the page that told of it."""

    contact_id: UUID
    campaign: str
    segment: str
    revision: int
    contact_revision: int
    because: UUID


_COLUMNS = {
    "contact_id": Uuid(),
    "campaign": Text(),
    "segment": Text(),
    "revision": BigInteger(),
    "contact_revision": BigInteger(),
    "because": Uuid(),
}
_PUBLISHED = select(campaigns.c.key).where(campaigns.c.status == "published")


async def keep_arrivals(tx: Tx, told: Sequence[Arrival]) -> None:
    """Let these enter when their turn comes. Of a membership the higher revision wins."""
    newest: dict[tuple[UUID, str, str], Arrival] = {}
    for one in sorted(told, key=lambda one: one.revision):
        newest[one.contact_id, one.campaign, one.segment] = one
    values = [[getattr(one, name) for name in _COLUMNS] for _, one in sorted(newest.items())]
    inserting = insert(arrivals).from_select(list(_COLUMNS), select(rows("told", _COLUMNS, values)))
    new = inserting.excluded
    await tx.execute(
        inserting.on_conflict_do_update(
            index_elements=["contact_id", "campaign", "segment"],
            set_={name: new[name] for name in ("revision", "contact_revision", "because")},
            where=arrivals.c.revision < new.revision,
        )
    )


async def contacts_arriving(tx: Tx, limit: int) -> list[UUID]:
    """Some contacts who may enter now. Nothing is locked yet."""
    waiting = select(arrivals.c.contact_id).where(arrivals.c.campaign.in_(_PUBLISHED))
    return await tx.scalars(waiting.order_by(arrivals.c.contact_id).limit(limit).distinct())


async def take(tx: Tx, contact_ids: Collection[UUID]) -> list[Arrival]:
    """The arrivals of these contacts, which nobody finds again."""
    among = arrivals.c.contact_id == bindparam("ids", sorted(contact_ids), ARRAY(Uuid)).any_()
    taken = delete(arrivals).where(among, arrivals.c.campaign.in_(_PUBLISHED))
    return [Arrival(*row) for row in await tx.all(taken.returning(*(arrivals.c[name] for name in _COLUMNS)))]


async def forget_of(tx: Tx, merges: Mapping[UUID, UUID]) -> None:
    """These contacts are no more: where the winners belong, `segments` says itself."""
    among = arrivals.c.contact_id == bindparam("ids", sorted(merges), ARRAY(Uuid)).any_()
    await tx.execute(delete(arrivals).where(among))


def next_arriving(_: object) -> Select[Any]:
    """Now, when somebody may enter."""
    return select(literal(0.0, Float)).where(
        exists(select(arrivals.c.contact_id).where(arrivals.c.campaign.in_(_PUBLISHED)))
    )
