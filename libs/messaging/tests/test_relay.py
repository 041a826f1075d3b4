"""From the outbox to the broker: at once from memory, later from the table, never lost, never for nobody."""

import asyncio
import socket

import pytest
from canvass_messaging import connection, outbox, publisher, topology
from canvass_messaging.connection import BrokerAway
from canvass_messaging.outbox import OutboxRow
from canvass_messaging.publisher import NotPublished, Publisher, Unroutable
from canvass_messaging.relay import Relay
from canvass_runtime.db import Database
from canvass_schemas.catalogue import heard_by_of
from canvass_schemas.ids import uuid7
from canvass_schemas.tracking import PageViewed
from sqlalchemy import text


@pytest.fixture
async def relay(stage, vhost, running, eventually):
    """The relay of a process of `tracking`, connected; `relay.stage` is where things are said."""
    publisher = Publisher(vhost, "tracking")
    relay = Relay(stage.database, stage.messaging.outbox, publisher, "tracking")
    stage.database.listeners.append(relay.take)
    await running(publisher.run)
    relay.stop = await running(relay.run)
    relay.publisher = publisher
    await asyncio.wait_for(publisher.connected.wait(), 20)
    return relay


@pytest.fixture
def outbox_is_empty(stage, eventually):
    async def empty(seconds=15):
        async def is_empty():
            return await stage.count(stage.messaging.outbox) == 0

        await eventually(is_empty, seconds)

    return empty


async def test_what_is_committed_is_published_at_once_and_forgotten(
    stage, facts, relay, broker, outbox_is_empty
):
    await stage.say(*(facts.viewed() for _ in range(3)))
    await outbox_is_empty(1.5)
    assert await broker.depth("segments.live") == 1
    queue = await broker.channel.get_queue("segments.live")
    message = await queue.get(no_ack=True)
    assert message.routing_key == "tracking.page_viewed.v1.live"
    assert message.type == "tracking.page_viewed.v1"
    assert message.content_type == "application/cloudevents-batch+json"
    assert message.headers["events"] == 3
    assert message.delivery_mode == 2


async def test_what_a_crash_left_is_adopted_by_another(stage, facts, relay, broker, outbox_is_empty):
    stage.database.listeners.clear()
    await stage.say(facts.viewed())
    adopt_live, _ = relay.timers()
    assert await adopt_live.run(stage.database, None) == 0
    await stage.run("UPDATE stage.outbox SET held_until = now()")
    assert await adopt_live.run(stage.database, None) == 1
    await outbox_is_empty()
    assert await broker.depth("segments.live") == 1


async def test_two_relays_that_publish_the_same_row_say_one_message_twice(
    stage, facts, relay, broker, vhost, running, outbox_is_empty
):
    other = Publisher(vhost, "tracking")
    await running(other.run)
    await asyncio.wait_for(other.connected.wait(), 20)
    stage.database.listeners.clear()
    await stage.say(facts.viewed(), lane="bulk")
    async with stage.database.transaction() as tx:
        (taken,) = await outbox.adopt(tx, stage.messaging.outbox, "bulk", 1)
    await Relay(stage.database, stage.messaging.outbox, other, "tracking")._publish(taken)
    await relay._publish(taken)
    await outbox_is_empty()
    queue = await broker.channel.get_queue("segments.bulk")
    first, second = [await queue.get(no_ack=True) for _ in range(2)]
    assert first.message_id == second.message_id == str(taken.message_id)


async def test_bulk_goes_by_way_of_the_table(stage, facts, relay, broker, outbox_is_empty):
    await stage.say(*(facts.viewed() for _ in range(700)), lane="bulk")
    assert await stage.count(stage.messaging.outbox) == 2
    _, adopt_bulk = relay.timers()
    assert await adopt_bulk.run(stage.database, None) == 2
    await outbox_is_empty()
    assert await broker.depth("segments.bulk") == 2
    assert await broker.depth("segments.live") == 0


async def test_nothing_is_published_for_nobody(stage, facts, relay, broker):
    """A stranger has deleted the queues: the row stays where it is until somebody is there to hear it."""
    for queue in (*(f"{hearer}.live" for hearer in heard_by_of(PageViewed.TYPE)), topology.JOURNAL):
        await broker.channel.queue_delete(queue)
    with pytest.raises(Unroutable, match="nothing is bound"):
        await relay.publisher.publish(row(facts.wire([facts.viewed()])))
    await stage.say(facts.viewed())
    await relay._publish(row(facts.wire([facts.viewed()])))
    await relay.forget()
    assert await stage.count(stage.messaging.outbox) == 1


async def test_a_journal_alone_is_enough_for_what_no_service_hears(facts, relay, broker):
    message = facts.wire([facts.viewed()])
    await topology.declare_hearers(broker.channel, "campaigns")
    journey = OutboxRow(1, uuid7(), "campaigns.journey_entered.v1", "live", 1, message.body)
    await relay.publisher.publish(journey)
    await broker.channel.queue_delete("canvass.journal")
    with pytest.raises(Unroutable):
        await relay.publisher.publish(OutboxRow(2, uuid7(), journey.type, "live", 1, message.body))


def row(message) -> OutboxRow:
    return OutboxRow(0, message.message_id, message.type, "live", 1, message.body)


async def test_one_message_is_never_in_flight_twice(facts, relay):
    message = row(facts.wire([facts.viewed()]))
    answers = await asyncio.gather(
        *(relay.publisher.publish(message) for _ in range(3)), return_exceptions=True
    )
    assert sorted(map(repr, answers)) == ["None", *["NotPublished('in flight already')"] * 2]
    await relay.publisher.publish(message)


async def test_a_channel_that_the_broker_closes_is_made_anew(stage, facts, relay, broker, eventually):
    await broker.channel.exchange_delete(topology.EXCHANGE)
    with pytest.raises(NotPublished):
        await relay.publisher.publish(row(facts.wire([facts.viewed()])))

    async def publishes():
        try:
            await relay.publisher.publish(row(facts.wire([facts.viewed()])))
        except NotPublished:
            return False
        return True

    await eventually(publishes)


async def test_a_connection_found_stuck_fails_what_is_in_flight_and_ends_no_task(
    stage, facts, relay, eventually
):
    """aiormq cancels whoever waits for such a connection."""
    stuck = relay.publisher._connected.connection.transport.connection
    publishing = [
        asyncio.create_task(relay.publisher.publish(row(facts.wire([facts.viewed()])))) for _ in range(50)
    ]
    await asyncio.sleep(0)
    stuck._reader_task.cancel()
    answers = await asyncio.gather(*publishing, return_exceptions=True)
    assert {type(answer) for answer in answers} <= {type(None), NotPublished}
    assert NotPublished in {type(answer) for answer in answers}

    async def connected_anew():
        connected = relay.publisher._connected
        return connected is not None and connected.connection.transport.connection is not stuck

    await eventually(connected_anew)
    await relay.publisher.publish(row(facts.wire([facts.viewed()])))


async def test_a_confirm_that_never_comes_is_given_up_and_the_channel_with_it(
    facts, relay, monkeypatch, eventually
):
    monkeypatch.setattr(publisher, "CONFIRM_SECONDS", 0.05)
    before = relay.publisher._connected
    channel = await relay.publisher._channel.get_underlay_channel()
    monkeypatch.setattr(channel, "_confirm_delivery", lambda *_: None)
    with pytest.raises(NotPublished, match="no confirm"):
        await relay.publisher.publish(row(facts.wire([facts.viewed()])))

    async def connected_anew():
        return relay.publisher._connected not in (None, before)

    await eventually(connected_anew)


async def test_a_broker_that_takes_nothing_for_the_moment_is_left_in_peace(facts, relay, monkeypatch):
    monkeypatch.setattr(publisher, "CONFIRM_SECONDS", 0.05)
    connected = relay.publisher._connected
    unblocked = connected.connection.transport.connection._Connection__connection_unblocked
    unblocked.clear()  # as when it says that its memory or disk is full
    channel = await relay.publisher._channel.get_underlay_channel()
    monkeypatch.setattr(channel, "_confirm_delivery", lambda *_: None)
    with pytest.raises(NotPublished, match="no confirm"):
        await relay.publisher.publish(row(facts.wire([facts.viewed()])))
    assert relay.publisher._connected is connected
    assert not connected.broken.is_set()
    unblocked.set()


async def test_what_is_ready_when_asked_to_stop_is_still_published(stage, facts, vhost, broker):
    publisher = Publisher(vhost, "tracking")
    relay = Relay(stage.database, stage.messaging.outbox, publisher, "tracking")
    stage.database.listeners.append(relay.take)
    done, published = asyncio.Event(), asyncio.Event()
    connected = asyncio.create_task(publisher.run(published))
    await asyncio.wait_for(publisher.connected.wait(), 20)
    for _ in range(300):
        await stage.say(facts.viewed())
    done.set()
    await relay.run(done)
    published.set()
    await connected
    assert await stage.count(stage.messaging.outbox) == 0
    assert await broker.depth("segments.live") == 300


async def test_no_transaction_is_open_while_the_broker_confirms(stage, facts, relay, eventually):
    nobody_idles = text(  # in this database: the server is everybody's
        "SELECT count(*) = 0 FROM pg_stat_activity"
        " WHERE state LIKE 'idle in%' AND datname = current_database()"
    )
    published = []

    async def holds():
        async with stage.database.transaction() as tx:
            return await tx.scalar(nobody_idles)

    async def publish(message):
        await eventually(holds, 2)
        published.append(message)

    relay.publisher.publish = publish
    stage.database.listeners.clear()
    await stage.say(facts.viewed(), lane="bulk")
    await relay._adopt("bulk")
    assert len(published) == 1


async def test_rows_past_the_memory_limit_are_left_for_adoption(stage, facts, relay, monkeypatch):
    monkeypatch.setattr("canvass_messaging.relay.MEMORY_BYTES", 1000)
    async with stage.database.transaction() as tx:
        many = [row(facts.wire([facts.viewed()])) for _ in range(10)]
        tx.outgoing.extend(many)
    assert relay._ready_bytes <= 1000


async def test_a_publisher_gives_up_loudly_after_a_minute_without_a_broker(monkeypatch):
    monkeypatch.setattr(connection, "GIVE_UP_AFTER_SECONDS", 0.3)
    async with asyncio.timeout(10):
        with pytest.raises(BrokerAway):
            await Publisher("amqp://nobody:x@127.0.0.1:1/", "tracking").run(asyncio.Event())


async def test_a_broker_that_answers_nothing_counts_as_away(monkeypatch):
    """A black hole: the connection is taken, and then nothing."""
    monkeypatch.setattr(connection, "GIVE_UP_AFTER_SECONDS", 0.3)
    monkeypatch.setattr(connection, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as hole:
        port = hole.getsockname()[1]
        async with asyncio.timeout(10):
            with pytest.raises(BrokerAway):
                await Publisher(f"amqp://x:x@127.0.0.1:{port}/", "tracking").run(asyncio.Event())


async def test_while_the_broker_is_away_rows_stay_and_nobody_waits(stage, facts):
    publisher = Publisher("amqp://nobody:x@127.0.0.1:1/", "tracking")
    relay = Relay(stage.database, stage.messaging.outbox, publisher, "tracking")
    stage.database.listeners.append(relay.take)
    await stage.say(facts.viewed())
    for timer in relay.timers():
        assert await timer.run(stage.database, None) == 0
    assert await stage.count(stage.messaging.outbox) == 1


async def test_a_database_that_is_away_when_it_comes_to_forgetting_is_asked_again(stage, facts, relay):
    away = Database("postgresql://nobody@127.0.0.1:1/none", application_name="t", acquire_seconds=1)
    relay._confirmed, relay._database = [1, 2], away
    await relay.forget()
    assert relay._confirmed == [1, 2]
    relay._database = stage.database
    await relay.forget()
    assert not relay._confirmed
    await away.dispose()
