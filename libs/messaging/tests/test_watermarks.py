"""How far everything has been said, and heard."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from canvass_messaging import outbox, watermarks
from canvass_messaging.watermarks import MARGIN, LowWater
from canvass_schemas.said_through import PointsSaidThrough, SaidThroughData, TrackingSaidThrough
from sqlalchemy import text


class Tide:
    """What a speaker finds out, pulse by pulse."""

    def __init__(self, stage):
        self.stage = stage
        self.water = LowWater()

    async def pulse(self):
        async with self.stage.database.transaction() as tx:
            return self.water.rise(await tx.scalar(watermarks.limits(self.stage.messaging.outbox)))


@pytest.fixture
async def tide(stage):
    """A speaker that has had its first pulse."""
    tide = Tide(stage)
    assert await tide.pulse() is None
    return tide


async def now(stage):
    async with stage.database.transaction() as tx:
        return await tx.scalar(text("SELECT now()"))


@asynccontextmanager
async def at_work(stage):
    """A transaction, and when it began."""
    async with stage.database.transaction() as tx:
        yield tx, await tx.scalar(text("SELECT now()"))


def said(fact, at):
    return fact.of(SaidThroughData(at=at), time=at)


async def heard_through(stage, *speakers):
    async with stage.database.transaction() as tx:
        return await watermarks.heard_through(tx, stage.messaging, speakers)


async def test_with_nothing_to_say_everything_is_said_up_to_the_pulse_before(stage, tide):
    before = await now(stage)
    first, second = await tide.pulse(), await tide.pulse()
    assert first <= before - MARGIN <= second <= await now(stage)


async def test_an_open_transaction_holds_the_low_water_back(stage, tide):
    async with at_work(stage) as (_, began):
        await tide.pulse()
        assert await tide.pulse() < began
    await tide.pulse()
    assert await tide.pulse() > began - MARGIN


async def test_what_lies_in_the_outbox_holds_the_low_water_back(stage, tide, facts):
    async with at_work(stage) as (tx, began):
        await outbox.say(tx, stage.messaging.outbox, [facts.viewed()])
    for _ in range(3):
        assert await tide.pulse() < began
    await stage.run("DELETE FROM stage.outbox")
    assert await tide.pulse() > began - MARGIN


async def test_a_commit_between_two_pulses_is_not_overlooked(stage, tide, facts):
    async with at_work(stage) as (tx, began):
        await outbox.say(tx, stage.messaging.outbox, [facts.viewed()])
        await tide.pulse()
    assert await tide.pulse() < began


async def test_a_commit_that_one_query_sees_neither_way_is_not_overlooked(stage, facts):
    """Its view of the outbox is from before the commit, its view of who is under way from after it."""
    water = LowWater()
    began = await now(stage)
    water.rise([began - timedelta(seconds=1), None])
    assert water.rise([began + timedelta(seconds=1), None]) < began
    assert water.rise([began + timedelta(seconds=2), began]) < began


async def test_bulk_promises_nothing(stage, tide, facts):
    await stage.say(facts.viewed(), lane="bulk")
    at = await now(stage)
    await tide.pulse()
    assert await tide.pulse() > at - MARGIN


async def test_watermarks_only_rise_and_are_never_marked(stage, facts):
    for minutes in (0, 5, 3):
        await stage.hear(said(TrackingSaidThrough, facts.NOW + timedelta(minutes=minutes)), facts.viewed())
    assert await heard_through(stage, "tracking") == facts.NOW + timedelta(minutes=5)
    assert await stage.count(stage.messaging.inbox) == 3


async def test_everything_is_heard_up_to_where_the_last_of_the_speakers_is(stage, facts):
    assert await heard_through(stage, "tracking", "points") is None
    await stage.hear(said(TrackingSaidThrough, facts.NOW))
    assert await heard_through(stage, "tracking", "points") is None
    await stage.hear(said(PointsSaidThrough, facts.NOW - timedelta(minutes=1)))
    assert await heard_through(stage, "tracking", "points") == facts.NOW - timedelta(minutes=1)


async def test_an_event_set_aside_holds_back_what_was_heard_until_it_is_settled(stage, facts):
    await stage.hear(said(TrackingSaidThrough, facts.NOW + timedelta(hours=1)))
    await stage.hear(facts.viewed(poison=True))
    assert await heard_through(stage, "tracking") == facts.NOW
    await stage.run("UPDATE stage.retries SET next_at = NULL, parked_at = now()")
    assert await heard_through(stage, "tracking") == facts.NOW + timedelta(hours=1)


async def test_an_event_set_aside_holds_back_its_own_contact_and_nobody_else(stage, facts):
    sick, well = facts.viewed(poison=True), facts.viewed()
    await stage.hear(said(TrackingSaidThrough, facts.NOW + timedelta(hours=1)), sick, well)
    async with stage.database.transaction() as tx:
        through = [
            await watermarks.heard_through(tx, stage.messaging, ["tracking"], event.subject)
            for event in (sick, well)
        ]
    assert through == [facts.NOW, facts.NOW + timedelta(hours=1)]


async def test_one_can_wait_until_the_speakers_have_come_so_far(stage, facts, monkeypatch):
    monkeypatch.setattr(watermarks, "CHECK_SECONDS", 0.01)
    waiting = asyncio.create_task(
        watermarks.wait_until_heard(stage.database, stage.messaging, ["tracking"], facts.NOW)
    )
    await stage.hear(said(TrackingSaidThrough, facts.NOW - timedelta(microseconds=1)))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(waiting), 0.1)
    await stage.hear(said(TrackingSaidThrough, facts.NOW))
    assert await waiting == facts.NOW
