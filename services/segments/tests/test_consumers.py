"""What facts do to memberships, and what is said of it."""

from uuid import uuid4

import pytest
from canvass_schemas.segments import ContactEntered, ContactLeft
from canvass_segments.tables import behaviours, contacts
from sqlalchemy import func, select

from services.segments.tests.conftest import (
    ANN,
    BOB,
    CANADA,
    CAT,
    PRICES_TWICE,
    changed,
    merged,
    scored,
    tracked,
    viewed,
)

NEVER_PAID = {"behaviour": "event_tracked", "where": {"name": "Paid"}}


async def test_who_comes_to_match_enters_in_the_batch_of_the_cause(define, hear, said, members):
    await define("hot", CANADA, PRICES_TWICE)
    await hear(changed(ANN, country="CA"), viewed(ANN))
    assert await said() == []
    second = viewed(ANN, minute=1)
    await hear(second)
    assert await members() == {(ANN, "hot")}
    [entered] = await said()
    assert isinstance(entered, ContactEntered)
    assert (entered.subject, entered.data.segment, entered.data.revision) == (ANN, "hot", 1)
    assert (entered.causationid, entered.time, entered.hops) == (second.id, second.time, 1)


async def test_who_ceases_to_match_leaves(define, hear, said, members):
    await define("canada", CANADA)
    await hear(changed(ANN, country="CA"))
    await hear(changed(ANN, revision=2, country="US"))
    assert await members() == set()
    entered, left = await said()
    assert (type(entered), entered.revision) == (ContactEntered, 1)
    assert (type(left), left.revision) == (ContactLeft, 2)
    assert [fact.data.contact_revision for fact in (entered, left)] == [1, 2]


async def test_one_may_enter_and_leave_in_one_batch(define, hear, said, members):
    await define("unpaid", {"match": "none", "rules": [NEVER_PAID]}, CANADA)
    state, paid = changed(ANN, country="CA"), tracked(ANN, "Paid", minute=1)
    await hear(state, paid)
    assert await members() == set()
    facts = sorted(await said(), key=lambda fact: fact.revision)
    assert [type(fact) for fact in facts] == [ContactEntered, ContactLeft]
    assert [fact.causationid for fact in facts] == [state.id, paid.id]


async def test_who_enters_again_does_so_with_a_later_revision(define, hear, said):
    await define("canada", CANADA)
    for revision, country in enumerate(["CA", "US", "CA"], start=1):
        await hear(changed(ANN, revision=revision, country=country))
    assert [fact.revision for fact in await said()] == [1, 2, 3]


async def test_a_state_older_than_what_is_known_changes_nothing(define, hear, said, members):
    await define("canada", CANADA)
    await define("fifty", {"field": "score", "operator": "=", "value": 50})
    await hear(changed(ANN, revision=2, country="US"), scored(ANN, 40, revision=2))
    await hear(changed(ANN, revision=1, country="CA"), scored(ANN, 50, revision=1))
    assert (await said(), await members()) == ([], set())


async def test_a_score_is_a_field(define, hear, members):
    await define("fifty", {"field": "score", "operator": "=", "value": 50})
    await hear(scored(ANN, 50))
    assert await members() == {(ANN, "fifty")}
    await hear(scored(ANN, 60, revision=2))
    assert await members() == set()


async def test_a_behaviour_heard_twice_counts_once(define, hear, members):
    await define("twice", PRICES_TWICE)
    once = viewed(ANN)
    await hear(once, once)
    await hear(once)
    assert await members() == set()


async def test_a_visitor_of_whom_nothing_else_is_known_is_judged(define, hear, members):
    await define("buyers", NEVER_PAID)
    await define("others", NEVER_PAID, match="none")
    await hear(tracked(ANN, "Paid"), tracked(BOB, "Looked"), viewed(CAT))
    assert await members() == {(ANN, "buyers"), (BOB, "others"), (CAT, "others")}


async def test_what_concerns_no_segment_is_remembered_and_not_judged(database, define, hear, statements):
    await define("hot", CANADA, PRICES_TWICE)
    await hear(viewed(ANN, "/"))
    statements.clear()
    await hear(*(viewed(ANN, "/blog", minute=minute) for minute in range(20)), changed(ANN, plan="pro"))
    assert not any("judged" in statement for statement in statements)
    async with database.transaction() as tx:
        assert await tx.scalar(select(func.count()).select_from(behaviours)) == 21


async def test_a_change_of_definition_is_known_to_the_next_batch(define, hear, members):
    await define("hot", CANADA)
    await hear(changed(ANN, country="CA"))
    await define("hot", {"field": "country", "operator": "=", "value": "US"}, build=False)
    await define("new", {"field": "country", "operator": "=", "value": "US"}, build=False)
    await hear(changed(BOB, country="US"))
    assert await members() == {(ANN, "hot"), (BOB, "hot"), (BOB, "new")}


async def test_the_statements_of_a_batch_do_not_grow_with_it(define, hear, statements):
    await define("hot", PRICES_TWICE)
    await define("canada", CANADA)
    await define("fifty", {"field": "score", "operator": "=", "value": 50})
    await define("shy", NEVER_PAID, match="none")
    counts = []
    for size in (1, 2, 60):  # the first reads the definitions
        ids = [uuid4() for _ in range(size)]
        statements.clear()
        facts = [(viewed(id_), viewed(id_, minute=1), tracked(id_, "Paid")) for id_ in ids]
        states = [(changed(id_, country="CA"), scored(id_, 50)) for id_ in ids]
        await hear(*(fact for several in [*facts, *states] for fact in several))
        counts.append(len(statements))
    assert counts[1] == counts[2] < 30


async def test_a_merge_gives_the_winner_what_the_loser_did(database, define, hear, said, members):
    await define("twice", PRICES_TWICE)
    await hear(viewed(ANN), viewed(BOB, minute=1), changed(BOB, user_id="bob"))
    merge = merged(ANN, BOB, minute=2)
    await hear(merge)
    assert await members() == {(BOB, "twice")}
    [entered] = await said()
    assert (entered.subject, entered.causationid) == (BOB, merge.id)
    async with database.transaction() as tx:
        assert await tx.scalar(select(behaviours.c.contact_id).distinct()) == BOB


async def test_the_loser_of_a_merge_leaves_all_that_it_was_in(define, hear, said, members):
    await define("canada", CANADA)
    await define("buyers", NEVER_PAID)
    await hear(changed(ANN, country="CA"), tracked(ANN, "Paid"))
    await said()
    await hear(merged(ANN, BOB))
    assert await members() == {(BOB, "buyers")}
    facts = await said()
    left = {(fact.subject, fact.data.segment) for fact in facts if isinstance(fact, ContactLeft)}
    assert left == {(ANN, "canada"), (ANN, "buyers")}


async def test_what_the_loser_does_later_is_the_winners(define, hear, members):
    await define("twice", PRICES_TWICE)
    await hear(merged(ANN, BOB))
    await hear(viewed(ANN), viewed(BOB, minute=1))
    assert await members() == {(BOB, "twice")}


async def test_merges_of_merges_in_one_batch_lead_to_the_last(define, hear, members):
    await define("twice", PRICES_TWICE)
    await hear(viewed(ANN), viewed(BOB, minute=1))
    await hear(merged(ANN, BOB), merged(BOB, CAT))
    assert await members() == {(CAT, "twice")}


async def test_a_merge_heard_twice_is_one(database, define, hear, members):
    await define("buyers", NEVER_PAID)
    await hear(tracked(ANN, "Paid"))
    await hear(merged(ANN, BOB))
    await hear(merged(ANN, BOB))
    assert await members() == {(BOB, "buyers")}
    async with database.transaction() as tx:
        row = (await tx.execute(select(contacts).where(contacts.c.contact_id == ANN))).one()
    assert (row.merged_into, row.attributes) == (BOB, {})


async def test_what_is_caused_by_bulk_is_bulk(define, hear, said):
    await define("canada", CANADA)
    await hear(changed(ANN, country="CA"), lane="bulk")
    assert [fact.subject for fact in await said("bulk")] == [ANN]


@pytest.mark.parametrize("value", [1, True, "1", 1.5])
async def test_values_of_other_types_are_other_values(define, hear, members, value):
    await define("one", {"field": "plan", "operator": "=", "value": value})
    others = [other for other in (1, True, "1", 1.5) if repr(other) != repr(value)]
    await hear(changed(ANN, plan=value), *(changed(uuid4(), plan=other) for other in others))
    assert await members() == {(ANN, "one")}
    await hear(changed(ANN, revision=2, plan=others[0]))
    assert await members() == set()
