"""A definition is new or has changed: everybody is judged by it, a chunk at a time, in the bulk lane.

Live facts are judged by it from the moment that it is committed. The build finds the others: it reads a
chunk without holding anybody up, then locks those alone for whom something seems to have changed, and judges
them again. It begins once no transaction runs any more that may not have known the definition.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from canvass_messaging.contacts import lock
from canvass_runtime.db import Database, Tx

from canvass_segments.store import builds, judging
from canvass_segments.store.builds import Build
from canvass_segments.store.definitions import definitions
from canvass_segments.tables import contacts
from canvass_segments.use_cases.settling import settle

TIMER = "builds"

CHUNK = 10_000
"""Contacts read by one statement."""
SLICE = 500
"""Contacts locked by one transaction: for some tens of milliseconds."""


async def build(database: Database, now: datetime) -> int:
    """Work for a while on the build that has waited longest; returns 0 when none is waiting."""
    async with database.transaction("bulk") as tx:
        claimed = await builds.claim(tx)
    if claimed is None:
        return 0
    if await _may_go_on(database, claimed):
        await _judge_chunk(database, claimed, now)
    return 1


async def _may_go_on(database: Database, claimed: Build) -> bool:
    """Whether all transactions have ended that began when the definition was not yet committed."""
    async with database.transaction() as tx:
        if await builds.is_past_barrier(tx, claimed):
            return True
        await builds.put_off(tx, claimed)
        return False


async def _judge_chunk(database: Database, claimed: Build, now: datetime) -> None:
    async with database.transaction() as tx:
        through, count = await builds.next_chunk(tx, claimed, CHUNK)
        ids = await _differing(tx, claimed, through, now) if through else []
    going = claimed
    for some in _slices(ids):
        async with database.transaction("bulk") as tx:
            advanced = await _judge_slice(tx, going, some, now)
        if advanced is None:
            return
        going = advanced
    async with database.transaction() as tx:
        advanced = await builds.advance(tx, going, through or going.done_through, count)
        if advanced:
            await (builds.release(tx, advanced) if count == CHUNK else builds.end(tx, advanced))


async def _differing(tx: Tx, claimed: Build, through: UUID, now: datetime) -> list[UUID]:
    definition = (await definitions.today(tx)).definitions[claimed.segment]
    return await judging.judge_range(tx, definition, claimed.done_through, through, now)


async def _judge_slice(tx: Tx, going: Build, ids: Sequence[UUID], now: datetime) -> Build | None:
    """Judge some contacts, now that they are locked. None when the build has passed into other hands."""
    await lock(tx, contacts, ids)
    advanced = await builds.advance(tx, going, ids[-1], 0)
    if advanced:
        known = await definitions.today(tx)
        verdicts = await judging.judge(tx, known, ids, [going.segment], now)
        await settle(tx, verdicts, {}, now)
    return advanced


def _slices(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + SLICE] for start in range(0, len(ids), SLICE))
