"""Memory of who belongs where."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Boolean, DateTime, Text, Uuid, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from canvass_segments.domain.model import Membership, SegmentKey, Turn
from canvass_segments.tables import memberships

_TURN = {"contact_id": Uuid(), "segment": Text(), "member": Boolean(), "since": DateTime(timezone=True)}

# As text: SQLAlchemy correlates no subquery with the table of an INSERT.
_CONTACT_REVISION = literal_column(
    "(SELECT c.revision FROM segments.contacts AS c WHERE c.contact_id = memberships.contact_id)",
    BigInteger(),
)
_AS_JUDGED = (*memberships.c, _CONTACT_REVISION.label("contact_revision"))


async def keep(tx: Tx, turns: Sequence[Turn]) -> list[Membership]:
    """Remember turns; returns the memberships that they led to."""
    given = rows("given", _TURN, [(one.contact_id, one.segment, one.member, one.at) for one in turns])
    inserting = insert(memberships).from_select([*_TURN, "revision"], select(given, literal(1)))
    new = inserting.excluded
    keeping = inserting.on_conflict_do_update(
        index_elements=["contact_id", "segment"],
        set_={"member": new.member, "since": new.since, "revision": memberships.c.revision + 1},
        where=memberships.c.member != new.member,
    )
    return [Membership(**row._mapping) for row in await tx.all(keeping.returning(*_AS_JUDGED))]


async def end(tx: Tx, at: Mapping[UUID, datetime]) -> list[Membership]:
    """Let contacts leave all that they are in; returns what they have left."""
    gone = rows("gone", {"contact_id": Uuid(), "at": DateTime(timezone=True)}, sorted(at.items()))
    leaving = (
        update(memberships)
        .where(memberships.c.contact_id == gone.c.contact_id, memberships.c.member)
        .values(member=False, since=gone.c.at, revision=memberships.c.revision + 1)
    )
    return [Membership(**row._mapping) for row in await tx.all(leaving.returning(*_AS_JUDGED))]


async def read_members(tx: Tx, segment: SegmentKey, after: UUID | None, limit: int) -> list[Membership]:
    """Who is in a segment, in the order of their ids."""
    query = select(memberships).where(memberships.c.segment == segment, memberships.c.member)
    if after is not None:
        query = query.where(memberships.c.contact_id > after)
    query = query.order_by(memberships.c.contact_id).limit(limit)
    return [Membership(**row._mapping) for row in await tx.all(query)]


async def read_segments_of(tx: Tx, contact_id: UUID) -> list[Membership]:
    """What a contact is in, in the order of the segments' keys."""
    query = select(memberships).where(memberships.c.contact_id == contact_id, memberships.c.member)
    return [Membership(**row._mapping) for row in await tx.all(query.order_by(memberships.c.segment))]
