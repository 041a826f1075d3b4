"""What facts do to the ledger and the scores, and what is said of it."""

import asyncio
from collections import Counter
from uuid import uuid4

from canvass_points.domain.paths import matches
from canvass_points.store.definitions import definitions
from canvass_points.tables import contacts, ledger, metadata
from canvass_schemas.tracking import ContactMerged, PageViewed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from services.points.tests.conftest import ANN, BLOG, BOB, CAT, PRICING, REFUNDED, merged, tracked, viewed


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
    counts = []
    for size in (1, 2, 60):  # the first reads the actions
        facts = [(viewed(id_), viewed(id_), tracked(id_)) for id_ in (uuid4() for _ in range(size))]
        statements.clear()
        await hear(*(fact for several in facts for fact in several))
        counts.append(len(statements))
    assert counts[1] == counts[2] < 15


async def test_what_earns_nothing_costs_one_look_at_the_actions(define, hear, statements):
    await define("pricing", PRICING)
    await hear(viewed(ANN, "/"))
    statements.clear()
    await hear(viewed(ANN, "/"))
    assert not any("ledger" in statement for statement in statements)


PATHS = st.sampled_from(["/pricing", "/blog/1", "/"])
VIEWS = st.builds(viewed, st.sampled_from([ANN, BOB, CAT]), PATHS, st.integers(0, 3000))
MERGES = st.sampled_from([[], [(ANN, BOB)], [(ANN, BOB), (BOB, CAT)], [(ANN, CAT), (BOB, CAT)]])


@st.composite
def histories(draw):
    """Facts in the order in which they are heard, some twice, in batches."""
    facts = draw(st.lists(VIEWS, min_size=1, max_size=8)) + [merged(*pair) for pair in draw(MERGES)]
    facts = draw(st.permutations(facts + draw(st.lists(st.sampled_from(facts), max_size=4))))
    cuts = sorted(draw(st.lists(st.integers(0, len(facts)), max_size=4)))
    return [facts[start:end] for start, end in zip([0, *cuts], [*cuts, len(facts)], strict=True)]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
async def test_a_score_is_the_sum_of_its_ledger_whatever_is_heard_when(
    database, define, hear, said, scores, history
):
    definitions.forget()
    async with database.transaction() as tx:
        for table in metadata.sorted_tables:
            await tx.execute(delete(table))
    await define("pricing", PRICING)
    await define("blog", BLOG)
    for batch in history:
        await hear(*batch)
    found = await scores()
    assert found == await _sums(database) == _expected([fact for batch in history for fact in batch])
    assert (
        found.items()
        <= {fact.subject: fact.data.score for fact in sorted(await said(), key=_revision)}.items()
    )


def _revision(fact):
    return fact.revision


async def _sums(database):
    query = select(ledger.c.contact_id, func.sum(ledger.c.delta)).group_by(ledger.c.contact_id)
    async with database.transaction() as tx:
        return {row[0]: row[1] for row in await tx.all(query)}


def _expected(facts):
    into = {fact.subject: fact.data.into for fact in facts if isinstance(fact, ContactMerged)}
    sums = Counter()
    for fact in {fact.id: fact for fact in facts if isinstance(fact, PageViewed)}.values():
        today = fact.subject
        while today in into:
            today = into[today]
        sums[today] += sum(
            action["delta"] for action in (PRICING, BLOG) if matches(action["path"], fact.data.path)
        )
    return {contact_id: score for contact_id, score in sums.items() if score}


async def test_two_at_once_add_up(database, define, hear, scores):
    await define("pricing", PRICING)
    await asyncio.gather(*(hear(viewed(ANN), viewed(BOB)) for _ in range(5)))
    assert await scores() == {ANN: 50, BOB: 50}
    async with database.transaction() as tx:
        assert await tx.scalars(select(contacts.c.score_revision)) == [5, 5]
