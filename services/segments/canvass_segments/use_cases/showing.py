"""Campaigns ask who is in a segment: page by page, in the bulk lane, beside what is said live.

Whoever enters or leaves between two pages is told of by itself, with a revision of its own: the higher one
wins, so that together they amount to whom the segment held when it was asked, and all that came of it.
"""

from collections.abc import Sequence
from datetime import datetime

from canvass_messaging.timers import wake
from canvass_runtime.db import Database, Tx
from canvass_schemas.campaigns import AudienceWanted

from canvass_segments import announce
from canvass_segments.store import audiences, memberships

TIMER = "audiences"

PAGE = 1_000
"""Members of a page, as the contract has it."""


async def take(tx: Tx, requests: Sequence[AudienceWanted]) -> None:
    """Remember who wants to know; a request that is known already changes nothing."""
    await audiences.begin(tx, requests)
    wake(tx, TIMER)


async def show(database: Database, now: datetime) -> int:
    """Say the next page of the audience that was asked for first; returns 0 when none is."""
    async with database.transaction("bulk") as tx:
        audience = await audiences.claim(tx)
        if audience is None:
            return 0
        members = await memberships.read_members(tx, audience.segment, audience.done_through, PAGE + 1)
        page, last = members[:PAGE], len(members) <= PAGE
        await announce.page(tx, audience.request, audience.pages + 1, page, last=last, now=now)
        await (audiences.end(tx, audience) if last else audiences.advance(tx, audience, page[-1].contact_id))
        return 1
