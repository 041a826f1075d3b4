"""What is said in a transaction leaves when, and only when, it commits."""
# ruff: noqa: PT012 - a transaction that fails is a block

import pytest
from canvass_messaging import outbox
from canvass_messaging.outbox import OutboxRow
from canvass_messaging.timers import Wake
from canvass_runtime import telemetry
from canvass_schemas import wire
from canvass_schemas.tracking import PageViewed
from sqlalchemy import text


async def adopted(stage, lane="live", limit=100, events=None):
    async with stage.database.transaction() as tx:
        return await outbox.adopt(tx, stage.messaging.outbox, lane, limit, events)


async def test_what_is_said_is_told_after_the_commit(stage, facts):
    told = []
    stage.database.listeners.append(told.extend)
    async with stage.database.transaction() as tx:
        await outbox.say(tx, stage.messaging.outbox, [facts.viewed(), facts.viewed()])
        assert not told
    (row,) = told
    assert (row.type, row.lane, row.events) == (PageViewed.TYPE, "live", 2)
    assert await stage.column(stage.messaging.outbox.c.id) == [row.id]


async def test_what_is_said_in_a_transaction_that_fails_was_never_said(stage, facts):
    with pytest.raises(ZeroDivisionError):
        async with stage.database.transaction() as tx:
            await outbox.say(tx, stage.messaging.outbox, [facts.viewed()])
            raise ZeroDivisionError
    assert await stage.count(stage.messaging.outbox) == 0


async def test_saying_nothing_costs_nothing(stage):
    async with stage.database.transaction() as tx:
        await outbox.say(tx, stage.messaging.outbox, [])
        assert not tx.outgoing


async def test_facts_are_packed_by_type_into_few_messages_within_the_limits(stage, facts):
    many = [facts.viewed() for _ in range(1201)] + [facts.viewed(long="x" * 100_000) for _ in range(5)]
    others = facts.merged(many[0].subject, many[1].subject), facts.wanted(many[0].subject)
    await stage.say(*many, *others, lane="bulk")
    rows = await adopted(stage, "bulk")
    assert sum(row.events for row in rows) == 1208
    assert all(row.events <= wire.MAX_EVENTS and len(row.body) <= wire.MAX_BYTES for row in rows)
    assert len({row.message_id for row in rows}) == len(rows) <= 8
    views = [wire.parse(PageViewed, row.body) for row in rows if row.type == PageViewed.TYPE]
    assert [view.id for some in views for view in some] == [fact.id for fact in many]


async def test_the_speaker_holds_what_it_said_for_two_seconds_and_then_anybody_may_take_it(stage, facts):
    await stage.say(facts.viewed())
    assert not await adopted(stage)
    await stage.run("UPDATE stage.outbox SET held_until = held_until - interval '2 seconds'")
    (row,) = await adopted(stage)
    assert isinstance(row, OutboxRow)
    assert row.routing_key == "tracking.page_viewed.v1.live"
    assert not await adopted(stage)


async def test_bulk_may_be_taken_at_once_and_wakes_who_meters_it(stage, facts):
    async with stage.database.transaction("bulk") as tx:
        await outbox.say(tx, stage.messaging.outbox, [facts.viewed()])
        assert Wake(outbox.BULK_TIMER) in tx.outgoing
    assert not await adopted(stage, "live")
    assert len(await adopted(stage, "bulk")) == 1


async def test_adoption_takes_the_oldest_up_to_its_limits(stage, facts):
    for size in (3, 4, 5):
        await stage.say(*(facts.viewed() for _ in range(size)), lane="bulk")
    assert [row.events for row in await adopted(stage, "bulk", events=8)] == [3, 4]
    assert [row.events for row in await adopted(stage, "bulk", limit=1)] == [5]


async def test_two_that_adopt_at_once_share(stage, facts):
    for _ in range(4):
        await stage.say(facts.viewed(), lane="bulk")
    async with stage.database.transaction() as tx:
        first = await outbox.adopt(tx, stage.messaging.outbox, "bulk", 2)
        second = await adopted(stage, "bulk")
    assert len({row.id for row in [*first, *second]}) == 4


async def test_what_is_confirmed_is_forgotten(stage, facts):
    await stage.say(facts.viewed())
    await stage.say(facts.wanted(facts.viewed().subject))
    first, second = await stage.column(stage.messaging.outbox.c.id)
    async with stage.database.transaction() as tx:
        await outbox.forget(tx, stage.messaging.outbox, [first, 4711])
    assert await stage.column(stage.messaging.outbox.c.id) == [second]


async def test_facts_carry_the_trace_that_they_are_said_in_unless_they_have_one(stage, facts, monkeypatch):
    here, there = (f"00-{digit * 32}-{digit * 16}-01" for digit in "12")
    monkeypatch.setattr(outbox, "current_traceparent", lambda: here)
    assert telemetry.current_traceparent() is None
    await stage.say(facts.viewed(), facts.viewed().model_copy(update={"traceparent": there}))
    body = (await stage.column(stage.messaging.outbox.c.body))[0]
    assert [fact.traceparent for fact in wire.parse(PageViewed, body)] == [here, there]


async def test_adopting_and_asking_use_the_index(stage, facts):
    await stage.run(
        "INSERT INTO stage.outbox (message_id, type, lane, events, body, held_until)"
        " SELECT gen_random_uuid(), 't', 'bulk', 1, 'x', now() FROM generate_series(1, 5000)"
    )
    await stage.run("ANALYZE stage.outbox")
    query = (
        "EXPLAIN SELECT id FROM stage.outbox WHERE lane = 'live' AND held_until <= now() ORDER BY id LIMIT 9"
    )
    async with stage.database.transaction() as tx:
        assert "Index Scan" in "\n".join(await tx.scalars(text(query)))
