"""Time has passed: whom it may have moved out of a window, or past one, is judged again."""

from datetime import datetime

from canvass_runtime.db import Database, Tx

from canvass_segments.store import contacts, judging, reviews
from canvass_segments.store.definitions import definitions
from canvass_segments.use_cases.settling import settle

CLAIM = 500
BULK_FROM = 1_000
"""More than so many due at once go by bulk, so that they hold nobody else up."""


async def review(database: Database, now: datetime) -> int:
    """Judge some of those whose time has come; returns how many contacts."""
    async with database.transaction() as tx:
        waiting = await reviews.contacts_due(tx, now, BULK_FROM + 1)
    if not waiting:
        return 0
    async with database.transaction("bulk" if len(waiting) > BULK_FROM else "live") as tx:
        return await _review(tx, now)


async def _review(tx: Tx, now: datetime) -> int:
    free = await contacts.lock_free(tx, await reviews.contacts_due(tx, now, CLAIM))
    due = await reviews.take_due(tx, free, now)
    if not due:
        return 0
    known = await definitions.today(tx)
    segments = sorted({segment for _, segment in due})
    verdicts = await judging.judge(tx, known, {contact for contact, _ in due}, segments, now)
    await settle(tx, verdicts, {}, now)
    return len(free)
