"""Time alone changes verdicts: exactly when it says, and for nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from canvass_schemas.segments import ContactEntered, ContactLeft
from canvass_segments.store import reviews as store
from canvass_segments.tables import contacts, reviews
from canvass_segments.use_cases import reviewing
from sqlalchemy import func, select

from services.segments.tests.conftest import ANN, BOB, CANADA, CAT, NOON, changed, merged, viewed

WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)
PRICES_THIS_WEEK = {"behaviour": "page_viewed", "where": {"path": "/pricing"}, "within": "P7D"}
TWICE_THIS_WEEK = {**PRICES_THIS_WEEK, "at_least": 2}


@pytest.fixture
def due(database):
    """In how many seconds somebody is to be judged, as the timer asks."""

    async def due(now):
        async with database.transaction() as tx:
            return await tx.scalar(store.seconds_until_due(now))

    return due


async def test_who_looked_leaves_a_week_later_although_nothing_happens(
    define, hear, said, members, present, review, due
):
    await define("hot", PRICES_THIS_WEEK)
    await hear(viewed(ANN))
    [entered] = await said()
    assert await due(present.now()) == WEEK.total_seconds()
    present.turn(WEEK - MOMENT)
    await review()
    assert (await said(), await members()) == ([], {(ANN, "hot")})
    present.turn(MOMENT)
    assert await due(present.now()) == 0
    await review()
    [left] = await said()
    assert (type(entered), type(left)) == (ContactEntered, ContactLeft)
    assert (left.subject, left.time, left.causationid) == (ANN, NOON + WEEK, None)
    assert await due(present.now()) is None


async def test_who_looks_again_stays_for_another_week(define, hear, members, present, review, due):
    await define("hot", PRICES_THIS_WEEK)
    await hear(viewed(ANN))
    await hear(viewed(ANN, minute=60))
    present.turn(WEEK)
    await review()
    assert await members() == {(ANN, "hot")}
    assert await due(present.now()) == 3600
    present.turn(timedelta(hours=1))
    await review()
    assert await members() == set()


async def test_of_twice_within_a_week_the_second_newest_counts(define, hear, members, present, review):
    await define("hot", TWICE_THIS_WEEK)
    await hear(viewed(ANN), viewed(ANN, minute=10), viewed(ANN, minute=20))
    present.turn(WEEK + timedelta(minutes=10) - MOMENT)
    await review()
    assert await members() == {(ANN, "hot")}
    present.turn(MOMENT)
    await review()
    assert await members() == set()


async def test_who_has_not_looked_for_a_week_enters(define, hear, members, present, review, said):
    await define("cold", CANADA, {"match": "none", "rules": [PRICES_THIS_WEEK]})
    await hear(viewed(ANN), changed(ANN, country="CA"))
    await said()
    present.turn(WEEK)
    await review()
    assert await members() == {(ANN, "cold")}
    assert [type(fact) for fact in await said()] == [ContactEntered]


async def test_a_build_finds_out_when_to_judge_again(define, hear, members, present, review):
    await hear(viewed(ANN), viewed(BOB, minute=-60 * 24 * 8))
    await define("hot", PRICES_THIS_WEEK)
    assert await members() == {(ANN, "hot")}
    present.turn(WEEK)
    await review()
    assert await members() == set()


async def test_what_happened_too_long_ago_is_too_late_for_a_window(define, hear, members):
    await define("hot", PRICES_THIS_WEEK)
    await hear(viewed(ANN, minute=-60 * 24 * 7))
    assert await members() == set()


async def test_a_merge_within_the_week_takes_the_window_along(define, hear, members, present, review):
    await define("hot", TWICE_THIS_WEEK)
    await hear(viewed(ANN), viewed(BOB, minute=10))
    await hear(merged(ANN, BOB))
    assert await members() == {(BOB, "hot")}
    present.turn(WEEK)
    await review()
    assert await members() == set()


async def test_a_behaviour_that_moves_the_window_on_writes_no_time(define, hear, statements):
    await define("hot", PRICES_THIS_WEEK)
    await hear(viewed(ANN))
    assert any("INTO segments.reviews" in statement for statement in statements)
    statements.clear()
    await hear(viewed(ANN, minute=1))
    assert not any("INTO segments.reviews" in statement for statement in statements)


async def test_whom_somebody_holds_is_judged_later(database, define, hear, members, present):
    await define("hot", PRICES_THIS_WEEK)
    await hear(viewed(ANN), viewed(BOB))
    now = present.turn(WEEK)
    async with database.transaction() as tx:
        await tx.execute(select(contacts).where(contacts.c.contact_id == ANN).with_for_update())
        assert await reviewing.review(database, now) == 1
        assert await members() == {(ANN, "hot")}
        assert await reviewing.review(database, now) == 0
    assert await reviewing.review(database, now) == 1
    assert await members() == set()


async def test_many_due_at_once_go_by_bulk(define, hear, said, present, review, monkeypatch):
    monkeypatch.setattr(reviewing, "BULK_FROM", 2)
    await define("hot", PRICES_THIS_WEEK)
    await hear(viewed(ANN), viewed(BOB), viewed(CAT))
    await said()
    present.turn(WEEK)
    await review()
    assert len(await said("bulk")) == 3


async def test_the_statements_of_a_review_do_not_grow_with_it(
    database, define, hear, present, review, statements
):
    await define("hot", PRICES_THIS_WEEK)
    counts = []
    for size in (1, 40):
        await hear(*(viewed(contact_id) for contact_id in [uuid4() for _ in range(size)]))
        present.turn(WEEK)
        statements.clear()
        await review()
        counts.append(len(statements))
        present.present = NOON
    assert counts[0] == counts[1] < 15
    async with database.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(reviews)) == 0
