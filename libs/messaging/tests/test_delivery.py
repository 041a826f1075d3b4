"""A batch of wire messages: each takes effect once, and what is wrong with one is nobody else's affair."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from canvass_messaging.delivery import TOO_OLD
from canvass_messaging.outbox import say
from canvass_messaging.reading import Incoming
from canvass_runtime.clock import Clock
from canvass_schemas.campaigns import CampaignPaused, CampaignPausedData
from canvass_schemas.ids import uuid7


def made_before(ago: timedelta) -> UUID:
    ms = int((Clock().now() - ago).timestamp() * 1000)
    return UUID(int=ms << 80 | 7 << 76 | 2 << 62 | uuid4().int & 0xFFFF)


async def test_the_same_message_delivered_eight_times_at_once_acts_once(stage, facts):
    events = [facts.viewed() for _ in range(20)]
    message = facts.wire(events)
    await asyncio.gather(*(stage.deliver(message) for _ in range(8)))
    assert await stage.effected() == dict.fromkeys((e.id for e in events), 1)


async def test_the_same_message_twice_in_one_batch_acts_once(stage, facts):
    message, other = facts.wire([facts.viewed()]), facts.wire([facts.viewed()])
    await stage.deliver(message, other, message)
    assert sorted((await stage.effected()).values()) == [1, 1]


async def test_a_message_that_failed_is_not_marked(stage, facts):
    message = facts.wire([facts.viewed(poison=True)])
    with pytest.raises(facts.Poison):
        await stage.deliver(message)
    assert await stage.count(stage.messaging.inbox) == 0
    assert await stage.count(stage.contacts) == 0


async def test_one_poisonous_event_of_500_is_set_aside_alone(stage, facts):
    events = [facts.viewed(poison=True) if n == 123 else facts.viewed() for n in range(500)]
    await stage.deliver(facts.wire(events), isolate=True)
    assert len(await stage.effected()) == 499
    (aside,) = await stage.retries()
    assert aside.event_id == events[123].id
    assert aside.next_at is not None
    assert "Poison: it is poisonous" in aside.error
    assert len(stage.calls) < 30


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_an_event_of_a_time_that_cannot_be_kept_is_set_aside_all_the_same(stage, facts, time):
    odd = facts.viewed(poison=True).model_copy(update={"time": datetime.fromisoformat(time)})
    await stage.deliver(facts.wire([facts.viewed(), odd]), isolate=True)
    assert len(await stage.effected()) == 1
    (aside,) = await stage.retries()
    assert aside.event_id == odd.id


async def test_unreadable_bytes_are_parked_as_they_came_and_their_neighbours_take_effect(stage, facts):
    good = facts.wire([facts.viewed()])
    torn = Incoming(uuid7(), good.type, good.body[:-9])
    nonsense = Incoming(uuid7(), good.type, b"\xff\x00 not json")
    await stage.deliver(torn, good, nonsense)
    assert len(await stage.effected()) == 1
    assert {row.body for row in await stage.retries()} >= {nonsense.body}
    assert all(row.parked_at and row.next_at is None for row in await stage.retries())


async def test_one_unreadable_event_in_a_message_is_parked_alone(stage, facts):
    events = [facts.viewed(), facts.viewed(), facts.viewed()]
    message = facts.wire(events)
    body = message.body.replace(str(events[1].id).encode(), b"no id at all")
    await stage.deliver(Incoming(message.message_id, message.type, body))
    assert set(await stage.effected()) == {events[0].id, events[2].id}
    (parked,) = await stage.retries()
    assert b"no id at all" in parked.body


async def test_what_strangers_publish_never_spoils_a_batch(stage, facts):
    bodies = [b"", b"[]", b"null", b"{}", b"[1]", b'[{"\\u0000": 1}]', b"[" * 5000, b'["\xed\xa0\x80"]']
    types = ["tracking.page_viewed.v1", "tracking.nothing.v9", "", "\x00", "t" * 255]
    strange = [Incoming(uuid7(), kind, body) for kind in types for body in bodies]
    await stage.deliver(*strange, facts.wire([facts.viewed()]))
    assert len(await stage.effected()) == 1


async def test_an_unknown_type_is_parked_whole(stage, facts):
    message = Incoming(uuid7(), "tracking.page_viewed.v2", facts.wire([facts.viewed()] * 3).body)
    await stage.deliver(message)
    (parked,) = await stage.retries()
    assert parked.parked_at
    assert "no fact of type" in parked.error


async def test_a_fact_that_nobody_here_handles_changes_nothing(stage, facts):
    stage.consumers._handlers.clear()
    await stage.deliver(facts.wire([facts.viewed()]))
    assert await stage.count(stage.messaging.inbox) == 1
    assert not await stage.retries()


async def test_a_message_older_than_the_marks_is_parked(stage, facts):
    old = facts.wire([facts.viewed(), facts.viewed()], made_before(timedelta(days=14, minutes=1)))
    young = facts.wire([facts.viewed()], made_before(timedelta(days=13, hours=23)))
    await stage.deliver(old, young)
    assert len(await stage.effected()) == 1
    assert [row.error for row in await stage.retries()] == [TOO_OLD, TOO_OLD]


async def test_what_handlers_say_leaves_with_their_effects_and_in_their_lane(stage, facts):
    @stage.consumers.on(CampaignPaused)
    async def answer(tx, events):
        await say(tx, stage.messaging.outbox, [facts.viewed() for _ in events])

    paused = CampaignPaused.of(CampaignPausedData(campaign="welcome", reason="a test"), time=facts.NOW)
    await stage.deliver(facts.wire([paused, paused]), lane="bulk")
    assert await stage.column(stage.messaging.outbox.c.lane) == ["bulk"]
    assert await stage.column(stage.messaging.outbox.c.events) == [2]
