"""What was set aside is fed again, alone, up the ladder; what was given up can be replayed or discarded."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from canvass_messaging import feeding, parking, set_aside
from canvass_messaging.failpoints import FailpointReached
from canvass_messaging.reading import Incoming
from canvass_messaging.retries import AFTER_A_FAULT, DIED, DIED_LIMIT, LADDER
from canvass_messaging.set_aside import LEASE
from canvass_schemas.ids import uuid7
from canvass_schemas.tracking import PageViewed
from sqlalchemy import text


async def later(stage, seconds: float | timedelta) -> None:
    """As if so much time had passed."""
    by = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
    await stage.run("UPDATE stage.retries SET next_at = next_at - CAST(:by AS interval)", by=by)


async def wait_of(stage) -> timedelta:
    """How long the only event waits now."""
    async with stage.database.transaction() as tx:
        return await tx.scalar(text("SELECT next_at - now() FROM stage.retries"))


async def test_an_event_is_fed_again_and_takes_effect(stage, facts):
    event = facts.viewed(poison=True)
    await stage.hear(event)
    event.data.properties.clear()
    await stage.run("UPDATE stage.retries SET body = :body", body=facts.wire([event]).body)
    assert await stage.feeding().feed(stage.database) == 0
    await later(stage, 1)
    assert await stage.feeding().feed(stage.database) == 1
    assert (await stage.effected())[event.id] == 1
    assert not await stage.retries()


async def test_an_event_climbs_the_ladder_and_is_parked(stage, facts):
    await stage.hear(facts.viewed(poison=True))
    for attempt, wait in enumerate(LADDER):
        (aside,) = await stage.retries()
        assert aside.attempt == attempt
        assert wait - timedelta(seconds=5) < await wait_of(stage) <= wait
        await later(stage, wait)
        assert await stage.feeding().feed(stage.database) == 1
    (parked,) = await stage.retries()
    assert parked.parked_at
    assert parked.next_at is None
    assert parked.attempt == len(LADDER)
    assert "Poison" in parked.error


async def test_an_attempt_that_never_ends_is_leased_and_taken_up_by_another(stage, facts):
    await stage.hear(facts.viewed(poison=True))
    await later(stage, 1)
    async with stage.database.transaction() as tx:
        await tx.execute(text("UPDATE stage.retries SET next_at = now() - interval '1 minute'"))
    started, fed = asyncio.Event(), stage.feeding()

    async def hang(*_):
        started.set()
        await asyncio.Event().wait()

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, hang)
    attempt = asyncio.create_task(fed.feed(stage.database))
    await started.wait()
    assert await fed.feed(stage.database) == 0
    assert LEASE - timedelta(seconds=5) < await wait_of(stage) <= LEASE
    attempt.cancel()
    await asyncio.gather(attempt, return_exceptions=True)
    (aside,) = await stage.retries()
    assert (aside.attempt, aside.deaths) == (1, 1)


async def test_an_event_that_ends_the_process_again_and_again_is_parked_alone(stage, facts, arm):
    deadly, other = facts.viewed(poison=True), facts.viewed(poison=True)
    await stage.hear(deadly, other)
    for _ in range(DIED_LIMIT):
        await stage.run(
            "UPDATE stage.retries SET next_at = CASE WHEN event_id = :deadly THEN now() ELSE 'infinity' END",
            deadly=deadly.id,
        )
        arm("retries.after_claim=raise")
        with pytest.raises(FailpointReached):
            await stage.feeding().feed(stage.database)
        arm("")
    await later(stage, LEASE)
    assert await stage.feeding().feed(stage.database) == 1
    by_event = {row.event_id: row for row in await stage.retries()}
    assert by_event[deadly.id].parked_at
    assert "3 times" in by_event[deadly.id].error
    assert by_event[other.id].deaths == 0
    assert by_event[other.id].parked_at is None


async def test_a_death_is_forgiven_when_the_next_attempt_is_settled(stage, facts, arm):
    await stage.hear(facts.viewed(poison=True))
    await later(stage, 1)
    arm("retries.after_claim=raise")
    with pytest.raises(FailpointReached):
        await stage.feeding().feed(stage.database)
    arm("")
    await later(stage, LEASE)
    await stage.feeding().feed(stage.database)
    (aside,) = await stage.retries()
    assert (aside.attempt, aside.deaths) == (2, 0)


async def test_two_that_feed_at_once_feed_each_event_once(stage, facts):
    events = [facts.viewed(poison=True) for _ in range(20)]
    await stage.hear(*events)
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, stage.forgive)
    await later(stage, 1)

    async def feed_all():
        while await stage.feeding().feed(stage.database):
            pass

    await asyncio.gather(feed_all(), feed_all(), feed_all())
    assert await stage.effected() == dict.fromkeys((e.id for e in events), 1)


async def test_a_request_that_is_being_fed_while_its_contact_comes_is_heard_once(stage, facts, eventually):
    contact = uuid4()
    request = facts.wanted(contact, contact_revision=2)
    await stage.hear(request)
    await later(stage, 30)
    await asyncio.gather(stage.feeding().feed(stage.database), stage.hear(facts.changed(contact, 2)))

    async def settled():
        await later(stage, LEASE)
        await stage.feeding().feed(stage.database)
        return not await stage.retries()

    await eventually(settled)
    assert (await stage.effected())[request.id] == 1


async def test_a_request_that_waits_too_long_for_its_contact_fails(stage, facts):
    await stage.hear(facts.wanted(uuid4(), contact_revision=2))
    await later(stage, 30)
    await stage.feeding().feed(stage.database)
    (aside,) = await stage.retries()
    assert "Behind" in aside.error
    assert aside.next_at


async def test_a_fault_of_the_moment_is_neither_an_attempt_nor_a_death(stage, facts):
    await stage.hear(facts.viewed(poison=True))
    await later(stage, 1)

    async def meet_a_deadlock(tx, _):
        await tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"))

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, meet_a_deadlock)
    await stage.feeding().feed(stage.database)
    (aside,) = await stage.retries()
    assert (aside.attempt, aside.deaths, aside.parked_at) == (0, 0, None)
    assert AFTER_A_FAULT - timedelta(seconds=5) < await wait_of(stage) <= AFTER_A_FAULT


async def test_an_outage_while_an_event_is_tried_is_no_death_however_often(stage, facts, monkeypatch):
    """The database goes away during the attempt, and what became of it cannot be written for a while."""
    monkeypatch.setattr(feeding, "AWAY_SECONDS", 0.01)
    event = facts.viewed(poison=True)
    await stage.hear(event)

    async def meet_an_outage(tx, _):
        away.extend([ConnectionError()] * 3)
        raise ConnectionError

    away, real = [], stage.database.transaction
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, meet_an_outage)
    for _ in range(DIED_LIMIT + 1):
        await later(stage, AFTER_A_FAULT)
        fed = stage.feeding()
        monkeypatch.setattr(stage.database, "transaction", lambda *a: _failing(away) if away else real(*a))
        assert await fed.feed(stage.database) == 1
        assert not away
    (aside,) = await stage.retries()
    assert (aside.attempt, aside.deaths, aside.parked_at) == (0, 0, None)
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, stage.forgive)
    await later(stage, AFTER_A_FAULT)
    assert await stage.feeding().feed(stage.database) == 1
    assert (await stage.effected())[event.id] == 1


@asynccontextmanager
async def _failing(errors):
    raise errors.pop()
    yield


async def test_asked_to_stop_during_an_outage_it_settles_nothing_more(stage, facts, monkeypatch):
    await stage.hear(facts.viewed(poison=True))
    await later(stage, 1)
    fed, real, gone = stage.feeding(), stage.database.transaction, asyncio.Event()

    async def go_away(*_):
        gone.set()
        raise ConnectionError

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, go_away)
    monkeypatch.setattr(
        stage.database, "transaction", lambda *a: _failing([OSError()]) if gone.is_set() else real(*a)
    )
    attempt = asyncio.create_task(fed.feed(stage.database))
    await gone.wait()
    fed.timer().stop()
    async with asyncio.timeout(5):
        assert await attempt == 1


async def test_what_hangs_is_tried_again_as_often_as_what_fails(stage, facts, monkeypatch):
    monkeypatch.setattr(feeding, "HANDLER_SECONDS", 0.05)
    await stage.hear(facts.viewed(poison=True))
    await later(stage, 1)

    async def hang(*_):
        await asyncio.Event().wait()

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, hang)
    await stage.feeding().feed(stage.database)
    (aside,) = await stage.retries()
    assert (aside.attempt, aside.deaths) == (1, 0)


async def test_what_somebody_else_has_taken_up_during_an_outage_is_theirs_to_settle(
    stage, facts, monkeypatch
):
    await stage.hear(facts.viewed(poison=True))
    await later(stage, 1)
    away, real = [], stage.database.transaction

    async def fail(*_):
        away.append(ConnectionError())
        raise facts.Poison

    async def other_takes_it_up(*_):
        await later(stage, LEASE)
        async with stage.database.transaction() as tx:
            assert await set_aside.claim(tx, stage.messaging.retries)

    monkeypatch.setattr(feeding, "wait_for", other_takes_it_up)
    monkeypatch.setattr(stage.database, "transaction", lambda *a: _failing(away) if away else real(*a))
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, fail)
    await stage.feeding().feed(stage.database)
    (aside,) = await stage.retries()
    assert (aside.attempt, aside.error) == (2, DIED)


async def parked_id(stage):
    async with stage.database.transaction() as tx:
        (parked,) = await parking.read_parked(tx, stage.messaging.retries, None, 10)
        return parked.id


async def test_what_is_parked_can_be_replayed(stage, facts):
    event = facts.viewed(poison=True)
    await stage.hear(event)
    await stage.run("UPDATE stage.retries SET parked_at = now(), next_at = NULL, attempt = 8")
    id_ = await parked_id(stage)
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, stage.forgive)
    async with stage.database.transaction() as tx:
        assert await parking.replay(tx, stage.messaging.retries, id_)
        assert not await parking.replay(tx, stage.messaging.retries, id_)
    assert await stage.feeding().feed(stage.database) == 1
    assert (await stage.effected())[event.id] == 1


async def test_a_message_of_a_type_unknown_when_it_came_is_replayed_whole(stage, facts):
    events = [facts.viewed() for _ in range(3)]
    await stage.deliver(Incoming(uuid7(), "tracking.page_viewed.v2", facts.wire(events).body))
    await stage.run("UPDATE stage.retries SET type = 'tracking.page_viewed.v1'")  # the catalogue has learnt
    async with stage.database.transaction() as tx:
        assert await parking.replay(tx, stage.messaging.retries, (await stage.retries())[0].id)
    await stage.feeding().feed(stage.database)
    assert await stage.effected() == dict.fromkeys((e.id for e in events), 1)


async def test_what_cannot_be_read_is_parked_again_when_it_is_replayed(stage, facts):
    message = facts.wire([facts.viewed()])
    await stage.deliver(Incoming(message.message_id, message.type, b"{nonsense"))
    async with stage.database.transaction() as tx:
        assert await parking.replay(tx, stage.messaging.retries, (await stage.retries())[0].id)
    await stage.feeding().feed(stage.database)
    (again,) = await stage.retries()
    assert again.parked_at
    assert again.body == b"{nonsense"


async def test_what_is_discarded_stays_with_its_reason_and_is_listed_and_fed_no_more(stage, facts):
    await stage.deliver(Incoming(uuid7(), "t", b"x"))
    id_ = await parked_id(stage)
    async with stage.database.transaction() as tx:
        assert await parking.discard(tx, stage.messaging.retries, id_, "nobody misses it")
        assert not await parking.read_parked(tx, stage.messaging.retries, None, 10)
        assert not await parking.replay(tx, stage.messaging.retries, id_)
    assert await stage.feeding().feed(stage.database) == 0
    (kept,) = await stage.retries()
    assert kept.discarded_because == "nobody misses it"


async def test_parked_events_are_listed_in_pages(stage):
    for _ in range(5):
        await stage.deliver(Incoming(uuid7(), "t", b"x"), Incoming(uuid7(), "t", b"y"))
    seen, after = [], None
    async with stage.database.transaction() as tx:
        while page := await parking.read_parked(tx, stage.messaging.retries, after, 3):
            seen += [one.id for one in page]
            after = page[-1].parked_at, page[-1].id
    assert len(seen) == len(set(seen)) == 10


async def test_a_message_taken_apart_has_its_events_fed_singly(stage, facts):
    events = [facts.viewed(), facts.viewed(poison=True), facts.viewed()]
    message = facts.wire(events)
    torn = Incoming(uuid7(), message.type, message.body[:-5])
    fed = stage.feeding()
    for _ in range(2):
        await fed.take_apart(stage.database, message, "bulk")
        await fed.take_apart(stage.database, torn, "live")
    assert {row.lane for row in await stage.retries() if row.event_id in {e.id for e in events}} >= {"bulk"}
    while await fed.feed(stage.database):
        pass
    assert {events[0].id, events[2].id} <= set(await stage.effected())
    assert max((await stage.effected()).values()) == 2  # `torn` is another message with the same events
