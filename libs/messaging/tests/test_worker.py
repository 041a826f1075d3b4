"""From the broker to handlers: batches, lanes, redeliveries, dead letters, cancellations, the end."""

import asyncio
from collections import Counter
from uuid import uuid4

import aio_pika
import pytest
from canvass_messaging import arrivals, connection, parking, set_aside, topology, worker
from canvass_messaging.outbox import say
from canvass_messaging.reading import Incoming
from canvass_messaging.timers import DatabaseAway
from canvass_schemas.ids import uuid7
from canvass_schemas.tracking import PageViewed


@pytest.fixture
async def start(stage, vhost, broker, running, eventually):
    """Starts a process of the service and waits until it consumes."""
    await broker.declare("segments")

    async def start(lanes=("live",), **more):
        process = stage.process(vhost, lanes, **more)
        stop = await running(process.run)
        await eventually(process.is_ready)
        return process, stop

    return start


@pytest.fixture
def effected(stage, eventually):
    """Waits until all these events have taken effect, each once, and nothing else has."""

    async def effected(events, seconds=15):
        expected = Counter(event.id for event in events)

        async def all_have():
            return await stage.effected() >= expected

        await eventually(all_have, seconds)
        assert await stage.effected() == expected

    return effected


@pytest.fixture
def only_retried(stage, eventually):
    """Waits until this event has failed alone and is the only one to be tried again; returns its row."""

    async def only_retried(event):
        async def tried():
            rows = await stage.retries()
            return len(rows) == 1 and rows[0].attempt and "Poison" in rows[0].error and rows

        (row,) = await eventually(tried)
        assert row.event_id == event.id
        return row

    return only_retried


@pytest.fixture
def settled(broker, eventually):
    """Waits until nothing lies in a queue, delivered or not."""

    async def settled(queue="segments.live", seconds=15):
        async def is_empty():
            channel = await broker.connection.channel()
            try:
                return not (await (await channel.get_queue(queue)).declare()).message_count
            finally:
                await channel.close()

        await eventually(is_empty, seconds)

    return settled


async def test_what_is_said_is_heard_and_acknowledged(stage, facts, start, effected, settled):
    process, _ = await start()
    events = [facts.viewed() for _ in range(10)]
    stage.database.listeners.append(process._relay.take)
    await stage.say(*events)
    await effected(events)
    await settled()


async def test_many_messages_are_heard_in_few_transactions(stage, facts, broker, start, effected):
    events = [facts.viewed() for _ in range(100)]
    for event in events:
        await broker.put("segments.live", facts.wire([event]), events=1)
    await start()
    await effected(events)
    assert len(stage.calls) < 20


async def test_a_batch_ends_at_its_limit_of_events(stage, facts, broker, start, effected, monkeypatch):
    monkeypatch.setattr(arrivals, "BATCH_EVENTS", 25)
    events = [facts.viewed() for _ in range(60)]
    for n in range(0, 60, 10):
        await broker.put("segments.live", facts.wire(events[n : n + 10]), events=10)
    await start()
    await effected(events)
    assert max(len(call) for call in stage.calls) <= 20


async def test_each_lane_is_heard_by_whoever_serves_it(stage, facts, broker, start, effected):
    live, bulk = facts.viewed(), facts.viewed()
    await broker.put("segments.live", facts.wire([live]))
    await broker.put("segments.bulk", facts.wire([bulk]))
    await start(["bulk"])
    await effected([bulk])
    assert await broker.depth("segments.live") == 1
    await start(["live"])
    await effected([live, bulk])


async def test_a_poisonous_event_spoils_nobody_from_queue_to_table(
    stage, facts, broker, start, effected, settled
):
    events = [facts.viewed() for _ in range(50)]
    for n, event in enumerate(events):
        await broker.put(
            "segments.live", facts.wire([event, facts.viewed(poison=True)] if n == 7 else [event])
        )
    await start()
    await effected(events)
    await settled()
    assert len(await stage.retries()) == 1


async def test_a_message_delivered_twice_in_vain_is_handled_alone(stage, facts, broker, start, effected):
    suspicious = [facts.viewed() for _ in range(3)]
    others = [facts.viewed() for _ in range(3)]
    for event in others[:2]:
        await broker.put("segments.live", facts.wire([event]))
    for event in suspicious:
        await broker.put("segments.live", facts.wire([event]), **{"x-delivery-count": arrivals.ALONE_FROM})
    await broker.put("segments.live", facts.wire(others[2:]))
    await start()
    await effected([*suspicious, *others])
    batches = [{event.id for event in call} for call in stage.calls]
    assert all({event.id} in batches for event in suspicious)


async def test_a_message_that_keeps_coming_back_is_taken_apart(
    stage, facts, broker, start, effected, only_retried
):
    events = [facts.viewed(), facts.viewed(), facts.viewed(poison=True)]
    await broker.put("segments.live", facts.wire(events), **{"x-delivery-count": arrivals.APART_FROM})
    await start()
    await effected(events[:2])
    await only_retried(events[2])
    assert [len(call) for call in stage.calls] == [1, 1, 1]


async def test_what_fails_even_apart_goes_back_and_counts_until_it_is_taken_apart(
    stage, facts, broker, start, effected, settled, monkeypatch
):
    """A batch that fails outside any handler, where no savepoint helps."""
    monkeypatch.setattr(worker, "RETURN_SECONDS", 0.01)
    calls = Counter()
    real = worker.Delivery.take_effect

    async def fail(self, database, messages, lane, *, isolate=False):
        calls.update(message.redeliveries for message in messages)
        if any(message.redeliveries < arrivals.APART_FROM for message in messages):
            raise ValueError("outside any handler")
        await real(self, database, messages, lane, isolate=isolate)

    monkeypatch.setattr(worker.Delivery, "take_effect", fail)
    events = [facts.viewed(), facts.viewed()]
    await broker.put("segments.live", facts.wire(events))
    await start()
    await effected(events)
    await settled()
    assert set(calls) == set(range(arrivals.APART_FROM))


async def test_what_goes_back_holds_up_nobody(stage, facts, broker, start, effected, monkeypatch):
    monkeypatch.setattr(worker, "RETURN_SECONDS", 600)
    failed = asyncio.Event()
    real = worker.Delivery.take_effect

    async def fail(self, database, messages, lane, *, isolate=False):
        if any(message.message_id == bad.message_id for message in messages):
            failed.set()
            raise ValueError("outside any handler")
        await real(self, database, messages, lane, isolate=isolate)

    monkeypatch.setattr(worker.Delivery, "take_effect", fail)
    bad = facts.wire([facts.viewed()])
    await broker.put("segments.live", bad)
    _, stop = await start()
    await failed.wait()
    events = [facts.viewed() for _ in range(5)]
    for event in events:
        await broker.put("segments.live", facts.wire([event]))
    await effected(events)
    stop.set()  # what is going back goes back at once


async def test_what_cannot_even_be_set_aside_is_parked_as_it_came(
    stage, facts, broker, start, effected, settled, eventually, monkeypatch
):
    """It comes back until the broker gives it up; its neighbours take effect meanwhile."""
    monkeypatch.setattr(worker, "RETURN_SECONDS", 0.01)
    hopeless, good = [facts.viewed(), facts.viewed()], facts.viewed()
    tries = Counter()
    real = set_aside.failed

    async def poison(tx, events):
        if {event.id for event in events} & {event.id for event in hopeless}:
            raise ValueError("a poison that is in the way of setting it aside, too")
        await stage.note(tx, events)

    def fail(fact, *more):
        tries["set aside"] += 1
        if fact.id in {event.id for event in hopeless}:
            raise ValueError("it cannot be written down")
        return real(fact, *more)

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, poison)
    monkeypatch.setattr(set_aside, "failed", fail)
    message = facts.wire(hopeless)
    await broker.put("segments.live", message)
    await broker.put("segments.live", facts.wire([good]))
    await start()
    await effected([good])

    (parked,) = await eventually(stage.retries)
    assert parked.parked_at
    assert (parked.type, parked.body, parked.lane) == (message.type, message.body, "live")
    assert "could not even be taken apart" in parked.error
    assert tries["set aside"] > topology.DELIVERY_LIMIT
    await settled("segments.live")
    await settled("segments.dead")

    monkeypatch.setattr(set_aside, "failed", real)
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, stage.note)
    async with stage.database.transaction() as tx:
        assert await parking.replay(tx, stage.messaging.retries, parked.id)
    await effected([good, *hopeless])


async def test_dead_letters_are_taken_apart_in_their_lane_and_fed_singly(
    stage, facts, broker, start, effected, settled, only_retried
):
    events = [facts.viewed(), facts.viewed(), facts.viewed(poison=True)]
    message = facts.wire(events)
    headers = {"x-first-death-queue": "segments.bulk"}
    await broker.put("segments", message, exchange=topology.DEAD_LETTERS, **headers)
    await broker.put("segments", message, exchange=topology.DEAD_LETTERS, **headers)
    await start()
    await effected(events[:2])
    await settled("segments.dead")
    assert (await only_retried(events[2])).lane == "bulk"


async def test_the_broker_gives_up_a_message_and_it_is_still_not_lost(stage, facts, broker, start, effected):
    """Rejected by hand as often as the queue's delivery limit allows."""
    events = [facts.viewed(), facts.viewed()]
    await broker.put("segments.live", facts.wire(events))
    queue = await broker.channel.get_queue("segments.live")
    for _ in range(topology.DELIVERY_LIMIT + 1):
        await (await queue.get(timeout=5)).reject(requeue=True)
    await start()
    await effected(events)


async def test_what_strangers_put_into_the_queue_is_parked(stage, facts, broker, start, effected, settled):
    good = facts.viewed()
    ids = [uuid7(), uuid7(), uuid4(), "not an id", None, "\x00"]
    for id_, kind in zip(ids, ["", "x" * 255, PageViewed.TYPE, PageViewed.TYPE, None, "\x00"], strict=True):
        message = aio_pika.Message(b"\xff", message_id=id_ and str(id_), type=kind, headers={"events": -4})
        await broker.channel.default_exchange.publish(message, "segments.live")
    await broker.put("segments.live", facts.wire([good]), events=2**40)
    await start()
    await effected([good])
    await settled()
    assert len(await stage.retries()) == len(ids)


async def test_a_queue_that_is_deleted_is_made_again_and_consumed(
    stage, facts, broker, start, eventually, effected
):
    process, _ = await start()
    (consuming,) = [w.consuming for w in process._workers]
    await broker.channel.queue_delete("segments.live")

    async def noticed():
        return not consuming.is_set()

    await eventually(noticed)
    await eventually(process.is_ready)
    event = facts.viewed()
    await broker.put("segments.live", facts.wire([event]))
    await effected([event])


async def test_a_connection_found_stuck_is_replaced(
    stage, facts, broker, start, eventually, effected, monkeypatch
):
    """aiormq cancels whoever waits for it: that must not be taken for the end of the worker."""
    seen = []
    real = connection.Connected.__init__

    def note(self, *args):
        real(self, *args)
        seen.append(self)

    monkeypatch.setattr(connection.Connected, "__init__", note)
    await start()
    for connected in seen:
        connected.connection.transport.connection._reader_task.cancel()

    async def replaced():
        return len(seen) == 4

    await eventually(replaced)
    event = facts.viewed()
    await broker.put("segments.live", facts.wire([event]))
    await effected([event])


async def test_asked_to_stop_it_finishes_what_has_arrived_and_publishes_what_that_says(
    stage, facts, broker, start, eventually, settled
):
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(tx, events):
        begun.set()
        await go_on.wait()
        await stage.note(tx, events)
        said = [facts.wanted(event.subject) for event in events]
        await say(tx, stage.messaging.outbox, said)

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, slow)
    for _ in range(20):
        await broker.put("segments.live", facts.wire([facts.viewed()]), events=1000)
    await topology.declare(broker.channel, "channels")
    process, stop = await start()
    await begun.wait()
    stop.set()
    go_on.set()

    async def ended():
        return not process._publisher.connected.is_set()

    await eventually(ended)
    assert len(await stage.effected()) == 20
    assert await stage.count(stage.messaging.outbox) == 0
    assert await broker.depth("channels.live") == 20
    await settled()


async def test_a_fault_of_the_moment_is_waited_out(stage, facts, broker, start, effected):
    faults = [ConnectionError(), TimeoutError(), OSError()]

    async def stumble(tx, events):
        if faults:
            raise faults.pop()
        await stage.note(tx, events)

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, stumble)
    event = facts.viewed()
    await broker.put("segments.live", facts.wire([event]))
    await start()
    await effected([event])
    assert not await stage.retries()


async def test_the_process_ends_when_its_database_stays_away(stage, facts, vhost, broker, monkeypatch):
    monkeypatch.setattr(worker, "DATABASE_GIVE_UP_AFTER_SECONDS", 0.2)

    async def away(*_):
        raise ConnectionError

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, away)
    await broker.declare("segments")
    await broker.put("segments.live", facts.wire([facts.viewed()]))
    async with asyncio.timeout(20):
        with pytest.raises(ExceptionGroup) as raised:
            await stage.process(vhost).run(asyncio.Event())
    assert raised.group_contains(DatabaseAway)
    assert await broker.depth("segments.live") == 1


async def test_asked_to_stop_while_the_database_is_away_it_gives_back_what_it_holds(
    stage, facts, broker, start, eventually
):
    tried = asyncio.Event()

    async def away(*_):
        tried.set()
        raise ConnectionError

    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, away)
    await broker.put("segments.live", facts.wire([facts.viewed()]))
    _, stop = await start()
    await tried.wait()
    stop.set()

    async def given_back():
        return await broker.depth("segments.live")

    await eventually(given_back, 5)


async def test_set_aside_events_are_fed_by_the_process_itself(stage, facts, broker, start, effected):
    event = facts.viewed(poison=True)
    await stage.hear(event)
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, stage.forgive)
    await start()
    await effected([event])


async def test_a_request_and_its_contact_come_in_any_order(stage, facts, broker, start, effected):
    contact = uuid4()
    request, state = facts.wanted(contact, contact_revision=2), facts.changed(contact, 2)
    await start()
    await broker.put("segments.live", facts.wire([request]))
    await broker.put("segments.live", facts.wire([state]))
    await effected([request, state])


def test_old_deliveries_never_outlive_their_connection():
    """What arrives late on a connection that is gone finds nobody: its arrivals are its own."""
    first, second = arrivals.Arrivals(), arrivals.Arrivals()
    asyncio.run(first.add(Incoming(uuid7(), "t", b"")))
    assert first
    assert not second
