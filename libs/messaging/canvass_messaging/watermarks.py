"""Clocks never outrun facts: how far each speaker has said everything, and who has to know.

A speaker says `said_through {at}` every second. It means: whatever of mine happened up to `at` is with the
broker. A hearer that has taken it in, and has nothing older set aside, has heard everything up to `at`, but
for what other workers of its queue hold at that moment: deadlines allow two seconds for that.
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from canvass_runtime.db import Database, Tx, rows
from canvass_schemas.envelope import Fact
from sqlalchemy import DateTime, Select, Table, Text, func, literal_column, select
from sqlalchemy.dialects.postgresql import array, insert

from .tables import MessagingTables

CHECK_SECONDS = 0.5

MARGIN = timedelta(milliseconds=100)
"""A transaction is under way for a moment before PostgreSQL shows it."""

_UNDER_WAY = literal_column(
    "(SELECT min(xact_start) FROM pg_stat_activity WHERE usename = current_user"
    " AND datname = current_database() AND pid <> pg_backend_pid())",
    DateTime(timezone=True),
)


def limits(outbox: Table) -> Select[Any]:
    """What bounds the time up to which this service has said everything in the live lane, as one array.

    The start of our oldest transaction, which may say something yet; and when the oldest thing that still
    lies in the outbox was said (null: nothing lies there). The bulk lane is metered, so it may lie for
    long, and promises nothing.
    """
    unsaid = select(func.min(outbox.c.said_at)).where(outbox.c.lane == "live").scalar_subquery()
    return select(array([func.least(func.now(), _UNDER_WAY), unsaid]))


class LowWater:
    """The time up to which this service has said everything in the live lane, from `limits` asked in turn.

    One query's view of the outbox is older than its view of who is under way: a transaction that commits
    between the two is in neither. So each view of the outbox is held against the transactions of the
    time before.
    """

    def __init__(self) -> None:
        self._under_way: datetime | None = None

    def rise(self, limits: Sequence[datetime | None]) -> datetime | None:
        """The low water once these limits are known; None at the first."""
        under_way, unsaid = limits
        before, self._under_way = self._under_way, under_way
        if before is None:
            return None
        return min(before, unsaid or before) - MARGIN


async def advance(tx: Tx, watermarks: Table, said: Sequence[Fact[Any]]) -> None:
    """Take in `said_through` facts; an older one changes nothing."""
    newest = {fact.source: fact.data.at for fact in sorted(said, key=lambda fact: fact.data.at)}
    given = rows(
        "said",
        {"speaker": Text(), "said_through": DateTime(timezone=True)},
        [(source.rpartition("/")[2], at) for source, at in sorted(newest.items())],
    )
    inserting = insert(watermarks).from_select(["speaker", "said_through"], select(given))
    later = func.greatest(watermarks.c.said_through, inserting.excluded.said_through)
    await tx.execute(
        inserting.on_conflict_do_update(index_elements=["speaker"], set_={"said_through": later})
    )


async def heard_through(
    tx: Tx, tables: MessagingTables, speakers: Collection[str], contact: UUID | None = None
) -> datetime | None:
    """The time up to which everything the speakers said has taken effect here; None if one has not spoken.

    Of one `contact`, if it is given: an event of somebody else that is set aside holds up only somebody else.
    """
    marks, retries = tables.watermarks, tables.retries
    waiting = select(func.min(retries.c.first_at)).where(retries.c.next_at.is_not(None))
    if contact:
        waiting = waiting.where((retries.c.contact_id == contact) | retries.c.contact_id.is_(None))
    query = select(func.count(), func.least(func.min(marks.c.said_through), waiting.scalar_subquery())).where(
        marks.c.speaker.in_(sorted(speakers))
    )
    count, through = (await tx.execute(query)).one()
    return through if count == len(set(speakers)) else None


async def wait_until_heard(
    database: Database, tables: MessagingTables, speakers: Collection[str], at: datetime
) -> datetime:
    """Wait until the speakers have said through `at`; returns how far they have. Give it a deadline."""
    while True:
        async with database.transaction() as tx:
            through = await heard_through(tx, tables, speakers)
        if through is not None and through >= at:
            return through
        await asyncio.sleep(CHECK_SECONDS)
