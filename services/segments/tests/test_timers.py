"""All timers are asked after by one query."""

from canvass_segments.timers import timers
from sqlalchemy import select

from services.segments.tests.conftest import ANN, NOON, audience_wanted, viewed


async def test_what_is_due_is_asked_for_by_one_query(database, define, hear):
    week = {"behaviour": "page_viewed", "within": "P7D"}
    await define("hot", week)
    await hear(viewed(ANN), audience_wanted("hot"))
    asked = select(*(timer.due(NOON).scalar_subquery() for timer in timers))
    async with database.transaction() as tx:
        found = dict(zip((timer.name for timer in timers), (await tx.execute(asked)).one(), strict=True))
    assert found == {"builds": None, "reviews": 7 * 86_400, "tallies": None, "audiences": 0}
