"""Clocks never outrun facts: how far each speaker has said everything, and who has to know.

A speaker says `said_through {at}` every second. It means: whatever of mine happened up to `at` is with the
broker. A hearer that has taken it in, and has nothing older set aside, has heard everything up to `at`, but
for what other workers of its queue hold at that moment: deadlines allow two seconds for that.
"""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from canvass_runtime.db import Database, Tx, rows
from canvass_schemas.envelope import Fact
from sqlalchemy import DateTime, Select, Table, Text, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from .tables import MessagingTables

CHECK_SECONDS = 0.5

_ACTIVITY = literal_column(
    "(SELECT min(xact_start) FROM pg_stat_activity WHERE usename = current_user"
    " AND datname = current_database() AND pid <> pg_backend_pid())",
    DateTime(timezone=True),
)


def low_water(outbox: Table) -> Select[Any]:
    """The time up to which this service has said everything in the live lane.

    Bounded by what still lies in the outbox, and by our oldest transaction, which may say something yet.
    The bulk lane is metered, so it may lie for long, and promises nothing.
    """
    unsaid = select(func.min(outbox.c.said_at)).where(outbox.c.lane == "live").scalar_subquery()
    return select(func.least(func.now(), unsaid, _ACTIVITY))


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


async def heard_through(tx: Tx, tables: MessagingTables, speakers: Collection[str]) -> datetime | None:
    """The time up to which everything the speakers said has taken effect here; None if one has not spoken."""
    marks, retries = tables.watermarks, tables.retries
    waiting = select(func.min(retries.c.first_at)).where(retries.c.next_at.is_not(None)).scalar_subquery()
    query = select(func.count(), func.least(func.min(marks.c.said_through), waiting)).where(
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
