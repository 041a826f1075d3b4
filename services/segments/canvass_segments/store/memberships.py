"""Memory of who belongs where."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Text,
    Uuid,
    case,
    literal,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from canvass_segments.domain.model import Membership, SegmentKey, Turn, Wish
from canvass_segments.store import tallies
from canvass_segments.tables import memberships

_TURN = {"contact_id": Uuid(), "segment": Text(), "member": Boolean(), "since": DateTime(timezone=True)}
_KEY = ["contact_id", "segment"]

# As text: SQLAlchemy correlates no subquery with the table of an INSERT.
_CONTACT_REVISION = literal_column(
    "(SELECT c.revision FROM segments.contacts AS c WHERE c.contact_id = memberships.contact_id)",
    BigInteger(),
)
_SHOWN = [
    memberships.c[name] for name in ("contact_id", "segment", "member", "revision", "since", "fixed_at")
]
_AS_JUDGED = (*_SHOWN, _CONTACT_REVISION.label("contact_revision"))
_WAS_MEMBER = literal_column("coalesce(old.member, false)", Boolean())


async def keep(tx: Tx, turns: Sequence[Turn]) -> list[Membership]:
    """Remember turns; returns the memberships that they led to."""
    given = rows("given", _TURN, [(one.contact_id, one.segment, one.member, one.at) for one in turns])
    inserting = insert(memberships).from_select([*_TURN, "revision"], select(given, literal(1)))
    new = inserting.excluded
    keeping = inserting.on_conflict_do_update(
        index_elements=_KEY,
        set_={"member": new.member, "since": new.since, "revision": memberships.c.revision + 1},
        where=memberships.c.member != new.member,
    )
    return await _counted(tx, await tx.all(keeping.returning(*_AS_JUDGED)))


async def fix(tx: Tx, wishes: Sequence[Wish]) -> list[Membership]:
    """Remember what was said by hand, unless something was said later; returns whoever has entered or left.

    Of what was said at one time, that a contact is to be in counts. Each contact and segment once.
    """
    given = rows("given", _TURN, [(one.contact_id, one.segment, one.member, one.at) for one in wishes])
    row = select(given, literal(1), given.c.since)
    inserting = insert(memberships).from_select([*_TURN, "revision", "fixed_at"], row)
    new, other = inserting.excluded, memberships.c.member != inserting.excluded.member
    later = tuple_(new.fixed_at, new.member) > tuple_(memberships.c.fixed_at, memberships.c.member)
    keeping = inserting.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "member": new.member,
            "since": case((other, new.since), else_=memberships.c.since),
            "revision": memberships.c.revision + other.cast(Integer),
            "fixed_at": new.fixed_at,
        },
        where=memberships.c.fixed_at.is_(None) | later,
    )
    kept = await tx.all(keeping.returning(*_AS_JUDGED, _WAS_MEMBER.label("was_member")))
    return await _counted(tx, [row for row in kept if row.member != row.was_member])


async def release(tx: Tx, contact_id: UUID, segment: SegmentKey) -> None:
    """Forget what was said by hand; what is so stays so until the rules say otherwise."""
    ours = memberships.c.contact_id == contact_id, memberships.c.segment == segment
    await tx.execute(update(memberships).where(*ours).values(fixed_at=None))


async def read(tx: Tx, contact_id: UUID, segment: SegmentKey) -> Membership | None:
    """Whether a contact is in a segment; None if it never was."""
    query = select(*_SHOWN).where(memberships.c.contact_id == contact_id, memberships.c.segment == segment)
    return next(iter(_read(await tx.all(query))), None)


async def end(tx: Tx, at: Mapping[UUID, datetime]) -> tuple[list[Membership], list[Wish]]:
    """Let contacts leave all that they are in.

    Returns what they have left, and what was said of them by hand, which does not hold for them any longer.
    """
    gone = rows("gone", {"contact_id": Uuid(), "at": DateTime(timezone=True)}, sorted(at.items()))
    leaving = (
        update(memberships)
        .where(memberships.c.contact_id == gone.c.contact_id)
        .where(memberships.c.member | memberships.c.fixed_at.is_not(None))
        .values(
            member=False,
            since=case((memberships.c.member, gone.c.at), else_=memberships.c.since),
            revision=memberships.c.revision + memberships.c.member.cast(Integer),
            fixed_at=None,
        )
    )
    before = _WAS_MEMBER.label("was_member"), literal_column("old.fixed_at").label("fixed")
    ended = await tx.all(leaving.returning(*_AS_JUDGED, *before))
    said = [Wish(row.contact_id, row.segment, row.was_member, row.fixed) for row in ended if row.fixed]
    return await _counted(tx, [row for row in ended if row.was_member]), said


async def read_members(tx: Tx, segment: SegmentKey, after: UUID | None, limit: int) -> list[Membership]:
    """Who is in a segment, in the order of their ids."""
    query = select(*_AS_JUDGED).where(memberships.c.segment == segment, memberships.c.member)
    if after is not None:
        query = query.where(memberships.c.contact_id > after)
    return _read(await tx.all(query.order_by(memberships.c.contact_id).limit(limit)))


async def read_segments_of(tx: Tx, contact_id: UUID) -> list[Membership]:
    """What a contact is in, in the order of the segments' keys."""
    query = select(*_SHOWN).where(memberships.c.contact_id == contact_id, memberships.c.member)
    return _read(await tx.all(query.order_by(memberships.c.segment)))


async def _counted(tx: Tx, found: Sequence[Any]) -> list[Membership]:
    """These have entered or left: count it."""
    changed = _read(found)
    await tallies.add(tx, changed)
    return changed


def _read(found: Sequence[Any]) -> list[Membership]:
    return [
        Membership(
            contact_id=row.contact_id,
            segment=row.segment,
            member=row.member,
            revision=row.revision,
            since=row.since,
            contact_revision=row._mapping.get("contact_revision", 0),
            fixed=row.fixed_at is not None,
        )
        for row in found
    ]
