"""Others ask: journeys for verdicts, campaigns for audiences, triggers and journeys for memberships."""

from uuid import UUID, uuid4

import pytest
from canvass_messaging.consumers import Unworkable
from canvass_messaging.retries import Again, verdict
from canvass_schemas.segments import AudiencePage, ContactEntered, ContactLeft, VerdictGiven
from canvass_segments.store import audiences as store
from canvass_segments.tables import audiences
from canvass_segments.use_cases import showing
from canvass_segments.use_cases.placing import NoSuchSegment
from sqlalchemy import select

from services.segments.tests.conftest import (
    ANN,
    BOB,
    CANADA,
    NOON,
    PRICES_TWICE,
    audience_wanted,
    changed,
    merged,
    scored,
    verdict_wanted,
    viewed,
    wanted_in,
)


async def test_a_verdict_is_given_with_what_was_looked_at(hear, said):
    await hear(changed(ANN, country="CA", revision=4, tags=["vip"]), scored(ANN, 51), viewed(ANN))
    hot = {"field": "score", "operator": ">", "value": 50}
    asked = verdict_wanted(ANN, CANADA, hot, {"tag": "vip"}, {"match": "none", "rules": [PRICES_TWICE]})
    await hear(asked)
    [given] = await said()
    assert isinstance(given, VerdictGiven)
    assert (given.subject, given.causationid, given.data.holds) == (ANN, asked.id, True)
    assert given.data.values == {
        "country": "CA",
        "score": 51,
        "tag vip": True,
        'page_viewed {"path": "/pricing"}': 1,
    }
    assert (given.data.effect_id, given.data.contact_revision) == (asked.data.effect_id, 4)
    assert (given.data.campaign, given.data.step, given.data.visit) == ("hot", "put", 1)


async def test_each_contact_is_answered_its_own_question(hear, said):
    await hear(changed(ANN, country="CA"), changed(BOB, country="US"))
    states = {**CANADA, "value": "US"}
    asked = [verdict_wanted(id_, rule) for id_ in (ANN, BOB) for rule in (CANADA, states)]
    await hear(*asked, verdict_wanted(uuid4(), states, match="none"))
    given = {fact.data.effect_id: fact.data.holds for fact in await said()}
    assert [given[one.data.effect_id] for one in asked] == [True, False, False, True]
    assert len(given) == 5


async def test_one_and_true_are_different_questions(hear, said):
    await hear(changed(ANN, plan=True))
    rules = [{"field": "plan", "operator": "=", "value": value} for value in (1, True)]
    asked = [verdict_wanted(ANN, rule) for rule in rules]
    await hear(*asked)
    given = {fact.data.effect_id: fact.data.holds for fact in await said()}
    assert [given[one.data.effect_id] for one in asked] == [False, True]


async def test_a_verdict_waits_until_its_contact_is_known_well_enough(hear, said):
    await hear(changed(ANN, country="US"))
    await hear(verdict_wanted(ANN, CANADA, contact_revision=2))
    assert await said() == []
    await hear(changed(ANN, revision=2, country="CA"))
    [given] = await said()
    assert (given.data.holds, given.data.contact_revision) == (True, 2)


async def test_what_are_no_rules_is_parked_and_not_asked_again(hear):
    asked = verdict_wanted(ANN, {**CANADA, "operator": "~"})
    with pytest.raises(Unworkable, match="no rules"):
        await hear(asked)


async def test_the_statements_of_answers_do_not_grow_with_the_contacts(hear, statements):
    counts = []
    for size in (1, 50):
        ids = [uuid4() for _ in range(size)]
        await hear(*(changed(id_, country="CA") for id_ in ids))
        statements.clear()
        await hear(*(verdict_wanted(id_, CANADA, PRICES_TWICE) for id_ in ids))
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def show_all(database):
    while await showing.show(database, NOON):
        pass


async def test_an_audience_is_shown_page_by_page(database, define, hear, said, monkeypatch):
    monkeypatch.setattr(showing, "PAGE", 2)
    ids = [UUID(int=number) for number in range(1, 6)]
    await define("canada", CANADA)
    await hear(*(changed(id_, country="CA", revision=3) for id_ in ids))
    await said()
    asked = audience_wanted("canada")
    await hear(asked, asked)
    await show_all(database)
    pages = await said("bulk")
    assert all(isinstance(page, AudiencePage) and page.causationid == asked.id for page in pages)
    told = [(page.data.page, page.data.last, len(page.data.members)) for page in pages]
    assert told == [(1, False, 2), (2, False, 2), (3, True, 1)]
    shown = [member for page in pages for member in page.data.members]
    assert [one.contact_id for one in shown] == ids
    assert {(one.revision, one.contact_revision) for one in shown} == {(1, 3)}


@pytest.mark.parametrize("segment", ["canada", "nowhere"])
async def test_an_empty_segment_has_one_empty_page(database, define, hear, said, segment):
    await define("canada", CANADA)
    await hear(audience_wanted(segment))
    await show_all(database)
    [page] = await said()
    assert (page.data.page, page.data.last, page.data.members) == (1, True, [])


async def test_whoever_shows_an_audience_may_die_and_another_goes_on(
    database, define, hear, said, monkeypatch
):
    await define("canada", CANADA)
    await hear(changed(ANN, country="CA"), changed(BOB, country="CA"))
    await said()
    await hear(audience_wanted("canada"))

    async def die(*_):
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(showing, "PAGE", 1)
        await showing.show(database, NOON)
        patched.setattr(store, "end", die)
        with pytest.raises(ConnectionError):
            await showing.show(database, NOON)
    await show_all(database)
    pages = await said()
    assert [page.data.page for page in pages] == [1, 2]
    assert [[one.contact_id for one in page.data.members] for page in pages] == [[ANN], [BOB]]
    async with database.transaction() as tx:
        assert await tx.all(select(audiences)) == []


async def test_several_may_show_audiences_side_by_side(database, define, hear, said):
    await define("canada", CANADA)
    await hear(audience_wanted("canada"), audience_wanted("canada"))
    async with database.transaction() as tx:
        held = await store.claim(tx)
        assert await showing.show(database, NOON) == 1
        assert await showing.show(database, NOON) == 0
    [page] = await said()
    assert page.data.request_id != held.request.data.request_id


@pytest.mark.parametrize("by", ["points", "campaigns"])
async def test_what_others_want_by_hand_stays_whatever_the_rules_say(define, hear, said, members, by):
    await define("canada", CANADA)
    wanted = wanted_in(ANN, "canada", by=by)
    await hear(wanted)
    [entered] = await said()
    assert (type(entered), entered.causationid, entered.time) == (ContactEntered, wanted.id, wanted.time)
    await hear(changed(ANN, country="US"))
    assert await members() == {(ANN, "canada")}
    await hear(wanted_in(ANN, "canada", member=False, minute=1, by=by))
    await hear(changed(ANN, revision=2, country="CA"))
    assert await members() == set()
    assert [type(fact) for fact in await said()] == [ContactLeft]


async def test_what_was_wanted_last_counts_in_whatever_order_it_is_heard(define, hear, members):
    await define("canada", CANADA)
    await hear(wanted_in(ANN, "canada", member=False, minute=5))
    await hear(wanted_in(ANN, "canada", minute=1), wanted_in(BOB, "canada", minute=1))
    await hear(wanted_in(BOB, "canada", member=False, minute=3), wanted_in(BOB, "canada", minute=2))
    assert await members() == set()


async def test_what_is_wanted_of_a_segment_that_is_not_there_yet_is_tried_again(define, hear, members):
    wanted = wanted_in(ANN, "canada")
    with pytest.raises(NoSuchSegment, match="no segment 'canada'") as refused:
        await hear(wanted)
    assert isinstance(verdict(refused.value, 1, wanted.time), Again)
    await define("canada", CANADA)
    await hear(wanted)
    assert await members() == {(ANN, "canada")}


async def test_the_winner_of_a_merge_inherits_what_was_said_by_hand(define, hear, said, members):
    await define("canada", CANADA)
    await hear(wanted_in(ANN, "canada"))
    await hear(merged(ANN, BOB))
    assert await members() == {(BOB, "canada")}
    await hear(changed(BOB, revision=10, country="US"))
    assert await members() == {(BOB, "canada")}
    assert len(await said()) == 3
