"""Bulk waits in PostgreSQL, where it is cheap, and not in queues."""

import asyncio

import pytest
from canvass_messaging.metering import STEP_EVENTS, UNSETTLED_EVENTS
from canvass_messaging.publisher import Publisher
from canvass_messaging.relay import Relay
from canvass_schemas.catalogue import heard_by_of
from canvass_schemas.tracking import PageViewed
from sqlalchemy import func


@pytest.fixture
async def relays(stage, vhost, running):
    """Relays of as many processes of `tracking`, none of which has published yet."""

    async def connect(number):
        publishers = [Publisher(vhost, "tracking") for _ in range(number)]
        for publisher in publishers:
            await running(publisher.run)
            await asyncio.wait_for(publisher.connected.wait(), 20)
        return [
            Relay(stage.database, stage.messaging.outbox, publisher, "tracking") for publisher in publishers
        ]

    return connect


@pytest.fixture
def backlog(stage):
    """Lays down wire messages of so many events for the bulk lane; what is in them nobody reads here."""

    async def lay(messages, events):
        await stage.run(
            "INSERT INTO stage.outbox (message_id, type, lane, events, body, held_until)"
            " SELECT uuidv7(), 'tracking.page_viewed.v1', 'bulk', :events, '[]', now()"
            " FROM generate_series(1, :messages)",
            messages=messages,
            events=events,
        )

    return lay


async def publish_what_is_allowed(stage, *relays):
    async def all_of(relay):
        _, adopt_bulk = relay.timers()
        while await adopt_bulk.run(stage.database, None):
            pass

    await asyncio.gather(*map(all_of, relays))


async def unsettled(stage, laid):
    return laid - (await stage.column(func.coalesce(func.sum(stage.messaging.outbox.c.events), 0)))[0]


async def test_at_most_so_many_events_lie_in_a_queue_and_the_rest_follows_as_it_drains(
    stage, broker, relays, backlog
):
    (relay,) = await relays(1)
    await backlog(250, 500)
    await publish_what_is_allowed(stage, relay)
    assert UNSETTLED_EVENTS - STEP_EVENTS <= await unsettled(stage, 125_000) <= UNSETTLED_EVENTS
    await (await broker.channel.get_queue("segments.bulk")).purge()
    await publish_what_is_allowed(stage, relay)
    assert await broker.depth("segments.bulk") == 0  # the other hearers' queues are still full
    for hearer in heard_by_of(PageViewed.TYPE):
        await (await broker.channel.get_queue(f"{hearer}.bulk")).purge()
    await publish_what_is_allowed(stage, relay)
    assert await broker.depth("segments.bulk") == UNSETTLED_EVENTS // 500


async def test_a_process_that_has_just_started_does_not_overfill_a_full_queue(stage, relays, backlog):
    first, second = await relays(2)
    await backlog(300, 500)
    await publish_what_is_allowed(stage, first)
    before = await unsettled(stage, 150_000)
    await publish_what_is_allowed(stage, second)
    assert await unsettled(stage, 150_000) == before


async def test_several_relays_overshoot_by_a_step_each_at_most(stage, relays, backlog):
    await backlog(400, 500)
    await publish_what_is_allowed(stage, *await relays(3))
    assert await unsettled(stage, 200_000) <= UNSETTLED_EVENTS + 3 * STEP_EVENTS


async def test_small_messages_are_counted_as_small(stage, relays, backlog):
    (relay,) = await relays(1)
    await backlog(700, 3)
    await publish_what_is_allowed(stage, relay)
    assert await unsettled(stage, 2100) == 2100


async def test_large_messages_after_small_ones_do_not_overfill(stage, relays, backlog):
    (relay,) = await relays(1)
    await backlog(600, 1)
    await publish_what_is_allowed(stage, relay)
    await backlog(200, 500)
    await publish_what_is_allowed(stage, relay)
    assert await unsettled(stage, 100_600) <= UNSETTLED_EVENTS
