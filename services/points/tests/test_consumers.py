"""What facts do to the ledger and the scores, and what is said of it."""

import asyncio
from uuid import uuid4

from canvass_points.tables import contacts, ledger
from sqlalchemy import func, select

from services.points.tests.conftest import (
    ANN,
    BLOG,
    BOB,
    CAT,
    HOT,
    PRICING,
    REFUNDED,
    WEBINAR,
    clicked,
    merged,
    opened,
    submitted,
    tracked,
    viewed,
)


async def test_a_view_earns_what_the_action_says(define, hear, said, scores):
    await define("pricing", PRICING)
    view = viewed(ANN)
    await hear(view)
    assert await scores() == {ANN: 10}
    [changed] = await said()
    assert (changed.subject, changed.data.score, changed.data.previous, changed.revision) == (ANN, 10, 0, 1)
    assert (changed.causationid, changed.time) == (view.id, view.time)


async def test_a_batch_is_one_change_of_a_score(define, hear, said, scores):
    await define("pricing", PRICING)
    await define("blog", BLOG)
    last = viewed(ANN, "/blog/2", minute=3)
    await hear(viewed(ANN), last, viewed(ANN, "/blog/1", minute=1), viewed(ANN, "/", minute=9), viewed(BOB))
    assert await scores() == {ANN: 14, BOB: 10}
    facts = {fact.subject: fact for fact in await said()}
    assert (facts[ANN].data.score, facts[ANN].causationid) == (14, last.id)


async def test_what_cancels_out_is_written_and_not_said(database, define, hear, said, scores):
    await define("pricing", PRICING)
    await define("other", {**PRICING, "delta": -10})
    await hear(viewed(ANN))
    assert (await scores(), await said()) == ({}, [])
    async with database.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(ledger)) == 2


async def test_an_event_earns_once_however_often_it_is_heard(define, hear, said, scores):
    await define("pricing", PRICING)
    view = viewed(ANN)
    await hear(view, view)
    await hear(view, viewed(BOB))
    assert await scores() == {ANN: 10, BOB: 10}
    assert [fact.subject for fact in await said()] == [ANN, BOB]


async def test_points_may_be_lost(define, hear, scores):
    await define("refunded", REFUNDED)
    await hear(tracked(ANN), tracked(BOB, "Bought"))
    assert await scores() == {ANN: -30}


async def test_forms_opens_and_clicks_earn(define, hear, scores):
    await define("webinar", WEBINAR)
    await define("opens", {"name": "Opens", "on": "email_opened", "delta": 5})
    await define("clicks", {"name": "Clicks", "on": "link_clicked", "where": {"campaign": "c"}, "delta": 3})
    await hear(submitted(ANN), opened(ANN), clicked(ANN), submitted(BOB, "other"), opened(BOB))
    assert await scores() == {ANN: 28, BOB: 5}


async def test_what_is_earned_once_is_earned_once_for_ever(define, hear, scores):
    await define("webinar", WEBINAR)
    await hear(submitted(ANN), submitted(ANN, minute=1))
    await hear(submitted(ANN, minute=2), submitted(BOB))
    await define("webinar", {**WEBINAR, "delta": 50})
    await hear(submitted(ANN, minute=3))
    assert await scores() == {ANN: 20, BOB: 20}


async def test_what_became_earned_once_is_earned_once_from_then_on(define, hear, scores):
    await define("webinar", {**WEBINAR, "repeat": "always"})
    await hear(submitted(ANN), submitted(ANN))
    await define("webinar", WEBINAR)
    await hear(submitted(ANN))
    await hear(submitted(ANN))
    assert await scores() == {ANN: 60}


async def test_what_two_that_are_one_have_earned_once_counts_once(database, define, hear, said, scores):
    await define("webinar", WEBINAR)
    await define("pricing", PRICING)
    await hear(submitted(ANN), submitted(BOB), submitted(CAT), viewed(ANN), viewed(BOB))
    await said()
    first = merged(ANN, CAT)
    await hear(first, merged(BOB, CAT))
    assert await scores() == {CAT: 40}
    assert [(fact.data.score, fact.data.previous) for fact in await said()] == [(40, 20)]
    await hear(first, submitted(ANN, minute=9))
    assert (await scores(), await said()) == ({CAT: 40}, [])
    async with database.transaction() as tx:
        assert await tx.scalar(select(func.sum(ledger.c.delta))) == 40


async def test_a_loser_that_earned_once_leaves_it_to_the_winner(define, hear, scores):
    await define("webinar", WEBINAR)
    await hear(submitted(ANN), submitted(BOB))
    await hear(merged(ANN, CAT), merged(BOB, CAT))
    await hear(submitted(CAT))
    assert await scores() == {CAT: 20}


async def test_a_change_of_definition_is_known_to_the_next_batch(define, hear, scores):
    await define("pricing", PRICING)
    await hear(viewed(ANN))
    await define("pricing", {**PRICING, "delta": 3})
    await hear(viewed(ANN))
    await define("pricing", {**PRICING, "active": False})
    await hear(viewed(ANN))
    assert await scores() == {ANN: 13}


async def test_the_winner_of_a_merge_has_what_the_losers_earned(database, define, hear, said, scores):
    await define("pricing", PRICING)
    views = [viewed(ANN), viewed(BOB), viewed(CAT)]
    await hear(*views)
    await said()
    await hear(merged(ANN, CAT), merged(BOB, CAT), *views)
    assert await scores() == {CAT: 30}
    [changed] = await said()
    assert (changed.subject, changed.data.score, changed.data.previous) == (CAT, 30, 10)
    async with database.transaction() as tx:
        lines = await tx.scalars(select(ledger.c.contact_id))
    assert lines == [CAT] * 3


async def test_the_statements_of_a_batch_do_not_grow_with_it(define, hear, statements):
    await define("pricing", PRICING)
    await define("refunded", REFUNDED)
    await define("webinar", WEBINAR)
    await define("hot", {**HOT, "at": 10})
    counts = []
    for size in (1, 2, 60):  # the first reads the definitions
        ids = [uuid4() for _ in range(size)]
        facts = [(viewed(id_), viewed(id_), submitted(id_), tracked(id_)) for id_ in ids]
        statements.clear()
        await hear(*(fact for several in facts for fact in several))
        counts.append(len(statements))
    assert counts[1] == counts[2] < 25


async def test_the_statements_of_merges_do_not_grow_with_them(define, hear, statements):
    await define("pricing", PRICING)
    await define("webinar", WEBINAR)
    await define("hot", HOT)
    counts = []
    for size in (1, 2, 40):
        pairs = [(uuid4(), uuid4()) for _ in range(size)]
        everyone = [id_ for pair in pairs for id_ in pair]
        await hear(*(viewed(id_) for id_ in everyone), *(submitted(id_) for id_ in everyone))
        statements.clear()
        await hear(*(merged(*pair) for pair in pairs))
        counts.append(len(statements))
    assert counts[0] == counts[1] == counts[2] < 20


async def test_what_earns_nothing_costs_one_look_at_the_actions(define, hear, statements):
    await define("pricing", PRICING)
    await hear(viewed(ANN, "/"))
    statements.clear()
    await hear(viewed(ANN, "/"))
    assert not any("ledger" in statement for statement in statements)


async def test_what_nobody_scores_is_not_looked_at(define, hear, statements):
    await define("pricing", PRICING)
    await hear(viewed(ANN))
    statements.clear()
    await hear(opened(ANN))
    [locking, _, looking] = [statement for statement in statements if "SELECT" in statement]
    assert "contacts" in locking
    assert "sum(points.actions.revision)" in looking


async def test_two_at_once_add_up(database, define, hear, scores):
    await define("pricing", PRICING)
    await asyncio.gather(*(hear(viewed(ANN), viewed(BOB)) for _ in range(5)))
    assert await scores() == {ANN: 50, BOB: 50}
    async with database.transaction() as tx:
        assert await tx.scalars(select(contacts.c.score_revision)) == [5, 5]
