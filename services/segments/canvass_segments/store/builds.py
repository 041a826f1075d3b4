"""Memory of builds: which definitions have yet to be judged for everybody, and how far each has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from sqlalchemy import Float, Select, Update, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from canvass_segments.domain.model import SegmentKey
from canvass_segments.tables import builds, contacts

_HOLD = text("now() + interval '30 seconds'")
_WAIT = text("now() + interval '200 milliseconds'")
_OLDER_RUN = text(
    "SELECT pid FROM pg_stat_activity WHERE usename = current_user AND datname = current_database()"
    " AND pid <> pg_backend_pid() AND xact_start <= :barrier LIMIT 1"
)
_NOBODY = UUID(int=0)
_START = {"done_through": _NOBODY, "done": 0, "barrier": None, "held_until": func.now()}


@dataclass(frozen=True, slots=True)
class Build:
    """A revision of a segment that not everybody has been judged by."""

    segment: SegmentKey
    revision: int
    done_through: UUID
    done: int
    barrier: datetime


_BUILD = [builds.c[name] for name in Build.__slots__]


async def begin(tx: Tx, segment: SegmentKey, revision: int) -> None:
    """Have everybody judged by this revision, from the start. Ends what was under way for an older one."""
    start = _START | {"revision": revision}
    inserting = insert(builds).values(segment=segment, **start)
    await tx.execute(inserting.on_conflict_do_update(index_elements=["segment"], set_=start))


def seconds_until_due() -> Select[Any]:
    """When some build is next to be worked on."""
    return select(func.extract("epoch", func.min(builds.c.held_until) - func.now()).cast(Float))


async def claim(tx: Tx) -> Build | None:
    """Take up the build that nobody has worked on for longest, for half a minute.

    Its barrier is the time at which it was first taken up: its definition was committed by then.
    """
    due = (
        select(builds.c.segment)
        .where(builds.c.held_until <= func.now())
        .order_by(builds.c.held_until)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claiming = update(builds).where(builds.c.segment == due.scalar_subquery())
    claiming = claiming.values(
        held_until=_HOLD, barrier=func.coalesce(builds.c.barrier, func.clock_timestamp())
    )
    found = (await tx.execute(claiming.returning(*_BUILD))).one_or_none()
    return Build(*found) if found else None


async def is_past_barrier(tx: Tx, build: Build) -> bool:
    """Whether all our transactions have ended that began before the barrier."""
    return await tx.scalar(_OLDER_RUN, {"barrier": build.barrier}) is None


async def put_off(tx: Tx, build: Build) -> None:
    """Come back to a build a little later."""
    await tx.execute(_of(build).values(held_until=_WAIT))


async def next_chunk(tx: Tx, build: Build, size: int) -> tuple[UUID | None, int]:
    """Through which contact the next `size` reach, and how many there are."""
    upcoming = (
        select(contacts.c.contact_id)
        .where(contacts.c.contact_id > build.done_through)
        .order_by(contacts.c.contact_id)
        .limit(size)
        .subquery()
    )
    last = select(upcoming.c.contact_id).order_by(upcoming.c.contact_id.desc()).limit(1).scalar_subquery()
    through, count = (await tx.execute(select(last, func.count()).select_from(upcoming))).one()
    return through, count


async def advance(tx: Tx, build: Build, through: UUID, done: int) -> Build | None:
    """Note how far a build has come. None if it is no longer ours: another revision, or another process."""
    moving = _of(build).where(builds.c.done_through == build.done_through)
    values = {"done_through": through, "done": build.done + done, "held_until": _HOLD}
    found = (await tx.execute(moving.values(**values).returning(*_BUILD))).one_or_none()
    return Build(*found) if found else None


async def release(tx: Tx, build: Build) -> None:
    """Let whoever is free go on with it."""
    await tx.execute(_of(build).values(held_until=func.now()))


async def end(tx: Tx, build: Build) -> None:
    """Everybody has been judged."""
    ours = builds.c.segment == build.segment, builds.c.revision == build.revision
    await tx.execute(delete(builds).where(*ours))


def _of(build: Build) -> Update:
    return update(builds).where(builds.c.segment == build.segment, builds.c.revision == build.revision)
