"""A poisonous event spoils nobody."""

from uuid import uuid4

import pytest
from canvass_messaging.consumers import Unworkable
from canvass_messaging.outbox import say
from canvass_schemas.tracking import PageViewed
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


@pytest.fixture
def hostile(stage):
    """Lets the handler of page views do something of its own before it notes them."""

    def does(what):
        async def handler(tx, events):
            await what(tx, events)
            await stage.note(tx, events)

        stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, handler)

    return does


async def test_several_culprits_are_each_found_alone(stage, facts):
    events = [facts.viewed(poison=n in (0, 1, 50, 99)) for n in range(100)]
    await stage.deliver(facts.wire(events), isolate=True)
    assert len(await stage.effected()) == 96
    assert {row.event_id for row in await stage.retries()} == {events[n].id for n in (0, 1, 50, 99)}


async def test_all_may_be_poisonous(stage, facts):
    events = [facts.viewed(poison=True) for _ in range(40)]
    await stage.deliver(facts.wire(events), isolate=True)
    assert not await stage.effected()
    assert len(await stage.retries()) == 40
    assert await stage.count(stage.messaging.inbox) == 1


async def test_what_the_culprit_wanted_to_say_is_unsaid(stage, facts, hostile):
    answers = {}

    async def answer(tx, events):
        answers.update({event.id: facts.wanted(event.subject) for event in events})
        await say(tx, stage.messaging.outbox, [answers[event.id] for event in events])

    hostile(answer)
    told = []
    stage.database.listeners.append(told.extend)
    good, bad = facts.viewed(), facts.viewed(poison=True)
    await stage.deliver(facts.wire([good, bad]), isolate=True)
    assert [row.events for row in told] == [1]
    assert await stage.column(stage.messaging.outbox.c.events) == [1]
    assert str(answers[good.id].id).encode() in told[0].body


async def test_an_error_of_the_database_inside_a_handler_is_isolated_too(stage, facts, hostile):
    culprit = facts.viewed()

    async def divide(tx, events):
        if any(event.id == culprit.id for event in events):
            await tx.execute(text("SELECT 1 / 0"))

    hostile(divide)
    await stage.deliver(facts.wire([facts.viewed(), culprit, facts.viewed()]), isolate=True)
    assert len(await stage.effected()) == 2
    (aside,) = await stage.retries()
    assert aside.event_id == culprit.id


async def test_a_fault_of_the_moment_is_nobodys_poison(stage, facts, hostile):
    async def meet_a_deadlock(tx, _):
        await tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"))

    hostile(meet_a_deadlock)
    with pytest.raises(DBAPIError):
        await stage.deliver(facts.wire([facts.viewed()]), isolate=True)
    assert not await stage.retries()
    assert await stage.count(stage.messaging.inbox) == 0


async def test_what_can_never_take_effect_is_parked_at_once(stage, facts, hostile):
    async def refuse(_, events):
        raise Unworkable(f"there is no place for \x00 and \ud800 of {len(events)}")

    hostile(refuse)
    await stage.deliver(facts.wire([facts.viewed()]), isolate=True)
    (parked,) = await stage.retries()
    assert parked.parked_at
    assert parked.next_at is None
    assert "there is no place" in parked.error


async def test_a_poisonous_merge_is_set_aside_and_its_contact_followed_all_the_same(stage, facts, hostile):
    loser, winner = uuid4(), uuid4()
    merge = facts.merged(loser, winner)

    async def refuse(tx, events):
        raise facts.Poison

    stage.consumers._handlers[merge.type] = (type(merge), refuse)
    await stage.hear(merge, facts.viewed(loser))
    assert await stage.column(stage.effects.c.contact_id) == [winner]
    assert [row.event_id for row in await stage.retries()] == [merge.id]
