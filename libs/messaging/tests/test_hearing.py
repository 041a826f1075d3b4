"""What a batch does to contacts: the order, the locks, the merges, the waiting."""

import asyncio
import random
from collections import Counter
from uuid import UUID, uuid4

import pytest
from canvass_messaging import contacts
from canvass_messaging.consumers import LENIENT_HOPS
from canvass_schemas.points import ScoreChanged, ScoreChangedData
from sqlalchemy import text


def contact(number: int) -> UUID:
    """Contacts whose ids sort by number."""
    return UUID(int=number << 64 | random.Random(number).getrandbits(60))


async def rows_of(stage) -> dict[UUID, tuple[int, UUID | None]]:
    async with stage.database.transaction() as tx:
        found = await tx.all(text("SELECT contact_id, revision, merged_into FROM stage.contacts"))
    return {row.contact_id: (row.revision, row.merged_into) for row in found}


async def subjects(stage) -> Counter[UUID]:
    return Counter(await stage.column(stage.effects.c.contact_id))


async def test_contacts_never_heard_of_are_inserted(stage, facts):
    a, b = uuid4(), uuid4()
    await stage.hear(facts.viewed(a), facts.viewed(b), facts.viewed(a))
    assert await rows_of(stage) == {a: (0, None), b: (0, None)}


async def test_merges_are_heard_first_then_states_then_the_rest(stage, facts):
    a, b = uuid4(), uuid4()
    await stage.hear(facts.wanted(b), facts.viewed(b), facts.changed(b, 1), facts.merged(a, b))
    assert [events[0].type.split(".")[1] for events in stage.calls] == [
        "contact_merged",
        "contact_changed",
        "page_viewed",
        "message_wanted",
    ]


async def test_facts_of_a_merged_contact_are_about_its_winner_in_the_very_same_batch(stage, facts):
    loser, winner = uuid4(), uuid4()
    await stage.hear(facts.viewed(loser), facts.merged(loser, winner, 7), facts.viewed(winner))
    assert await subjects(stage) == {winner: 2, loser: 1}  # the merge itself is about the loser
    assert (await rows_of(stage))[loser] == (7, winner)


async def test_facts_of_a_merged_contact_are_about_its_winner_for_ever(stage, facts):
    loser, winner = uuid4(), uuid4()
    await stage.hear(facts.merged(loser, winner))
    await stage.hear(facts.viewed(loser))
    assert (await subjects(stage))[winner] == 1


async def test_what_a_merged_contact_was_known_as_is_told_as_of_the_merge(stage, facts):
    """Its own revisions say nothing of the winner's: what waited for one of them might wait for ever."""
    loser, winner = uuid4(), uuid4()
    view = facts.viewed(loser)
    view = view.model_copy(update={"data": view.data.model_copy(update={"contact_revision": 50})})
    await stage.hear(facts.merged(loser, winner, 3))
    await stage.hear(view, facts.viewed(loser))
    [heard] = [events for events in stage.calls if events[0].type == view.type]
    assert [(event.subject, event.data.contact_revision) for event in heard] == [(winner, 3), (winner, 0)]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("seed", range(4))
async def test_a_chain_of_merges_in_any_order_ends_with_the_last_winner(stage, facts, seed, together):
    a, b, c, d = (uuid4() for _ in range(4))
    merges = [facts.merged(a, b, 2), facts.merged(b, c, 5), facts.merged(c, d, 9)]
    random.Random(seed).shuffle(merges)
    if together:
        await stage.hear(*merges)
    else:
        for merge in merges:
            await stage.hear(merge)
    await stage.hear(facts.viewed(a), facts.viewed(b), facts.viewed(c))
    assert (await subjects(stage))[d] == 3
    async with stage.database.transaction() as tx:
        standings = await contacts.lock(tx, stage.contacts, [a, b, c])
    assert {standings.today(id_) for id_ in (a, b, c)} == {d}
    assert {standings.needed(id_, 1) for id_ in (a, b, c)} == {9}


async def test_the_handler_of_a_merge_is_told_the_winner_of_today(stage, facts):
    a, b, c = (uuid4() for _ in range(3))
    await stage.hear(facts.merged(b, c, 5))
    await stage.hear(facts.merged(a, b, 2))
    (last,) = stage.calls[-1]
    assert (last.subject, last.data.into, last.data.revision) == (a, c, 5)


async def test_merges_that_contradict_change_nothing(stage, facts):
    a, b, c = (uuid4() for _ in range(3))
    await stage.hear(facts.merged(a, b, 2))
    await stage.hear(facts.merged(b, a, 3), facts.viewed(a))
    await stage.hear(facts.merged(a, c, 4), facts.merged(c, c, 1))
    assert await rows_of(stage) == {a: (2, b), b: (0, None), c: (0, None)}


async def test_a_merge_said_again_is_handled_again_and_changes_nothing(stage, facts):
    a, b, c = (uuid4() for _ in range(3))
    await stage.hear(facts.merged(a, b, 2))
    await stage.hear(facts.merged(b, c, 3))
    before = await rows_of(stage)
    await stage.hear(facts.merged(a, b, 2))
    assert await rows_of(stage) == before == {a: (3, c), b: (3, c), c: (0, None)}


async def test_of_several_states_in_a_batch_only_the_newest_is_heard(stage, facts):
    a = uuid4()
    await stage.hear(facts.changed(a, 2), facts.changed(a, 9), facts.changed(a, 4))
    assert await stage.column(stage.effects.c.revision) == [9]


async def test_a_state_older_than_what_is_known_is_dropped(stage, facts):
    a = uuid4()
    await stage.hear(facts.changed(a, 5))
    await stage.hear(facts.changed(a, 4), facts.changed(a, 5))
    await stage.hear(facts.changed(a, 6))
    assert sorted(await stage.column(stage.effects.c.revision)) == [5, 6]


async def test_a_state_of_a_merged_contact_never_replaces_its_winners(stage, facts):
    loser, winner = uuid4(), uuid4()
    score = ScoreChangedData(score=50, previous=0, revision=40)
    await stage.hear(facts.changed(winner, 3), facts.merged(loser, winner, 3))
    await stage.hear(facts.changed(loser, 30), ScoreChanged.of(score, subject=loser, time=facts.NOW))
    assert await stage.column(stage.effects.c.revision, stage.effects.c.contact_id == winner) == [3]
    assert (await rows_of(stage))[winner] == (3, None)


async def test_a_request_waits_for_its_contact_and_is_heard_in_the_transaction_that_brings_it(stage, facts):
    a = uuid4()
    request = facts.wanted(a, contact_revision=3)
    await stage.hear(request, facts.wanted(a, contact_revision=0))
    assert len(await stage.effected()) == 1
    (waiting,) = await stage.retries()
    assert (waiting.event_id, waiting.needs_revision, waiting.parked_at) == (request.id, 3, None)
    await stage.hear(facts.changed(a, 2))
    assert len(await stage.retries()) == 1
    await stage.hear(facts.changed(a, 3))
    assert (await stage.effected())[request.id] == 1
    assert not await stage.retries()


async def test_a_request_that_comes_with_its_contact_does_not_wait(stage, facts):
    a = uuid4()
    await stage.hear(facts.wanted(a, contact_revision=3), facts.changed(a, 4))
    assert len(await stage.effected()) == 2
    assert not await stage.retries()


async def test_a_request_about_a_merged_contact_waits_for_the_winner_with_the_merge_in_it(stage, facts):
    loser, winner = uuid4(), uuid4()
    await stage.hear(facts.changed(winner, 3), facts.merged(loser, winner, 4))
    request = facts.wanted(loser, contact_revision=70)
    await stage.hear(request)
    (waiting,) = await stage.retries()
    assert (waiting.contact_id, waiting.needs_revision) == (winner, 4)
    await stage.hear(facts.changed(winner, 4))
    assert (await stage.effected())[request.id] == 1


async def test_a_request_that_waits_for_a_contact_that_is_merged_then_waits_for_the_winner(stage, facts):
    loser, winner = uuid4(), uuid4()
    request = facts.wanted(loser, contact_revision=70)
    await stage.hear(request)
    await stage.hear(facts.changed(winner, 3))
    await stage.hear(facts.merged(loser, winner, 4))
    (waiting,) = await stage.retries()
    assert (waiting.contact_id, waiting.needs_revision) == (winner, 4)
    await stage.hear(facts.changed(winner, 4))
    assert await stage.column(stage.effects.c.contact_id, stage.effects.c.event_id == request.id) == [winner]
    assert not await stage.retries()


async def test_a_request_merged_with_its_contact_in_one_batch_is_heard_in_it(stage, facts):
    loser, winner = uuid4(), uuid4()
    request = facts.wanted(loser, contact_revision=70)
    await stage.hear(request)
    await stage.hear(facts.merged(loser, winner, 4), facts.changed(winner, 4))
    assert (await stage.effected())[request.id] == 1


async def test_a_fact_that_has_come_too_far_is_parked_and_told_of(stage, facts):
    told = []

    async def on_loop(_, events):
        told.extend(events)

    stage.consumers.on_loop = on_loop
    far = facts.viewed().model_copy(update={"hops": LENIENT_HOPS})
    near = facts.viewed().model_copy(update={"hops": LENIENT_HOPS - 1})
    await stage.hear(far, near)
    assert set(await stage.effected()) == {near.id}
    assert [fact.id for fact in told] == [far.id]
    (parked,) = await stage.retries()
    assert parked.event_id == far.id
    assert parked.parked_at
    assert "taken for a loop" in parked.error


async def test_four_workers_on_overlapping_contacts_never_deadlock(stage, facts):
    """Merges, new contacts and chains among them, in no order at all."""
    chance = random.Random(7)
    people = [contact(number) for number in range(24)]
    merges = [facts.merged(*pair, 1) for pair in zip(people[16:], chance.sample(people[:16], 8), strict=True)]

    def some():
        views = [facts.viewed(chance.choice(people)) for _ in range(12)]
        state = facts.changed(chance.choice(people), chance.randint(1, 99))
        return [*views, *chance.sample(merges, 2), state]

    async def work(batches):
        for batch in batches:
            await stage.hear(*batch)

    async def deadlocks():
        async with stage.database.transaction() as tx:
            await tx.execute(text("SELECT pg_stat_force_next_flush()"))
            return await tx.scalar(
                text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            )

    before = await deadlocks()
    plans = [[some() for _ in range(25)] for _ in range(4)]
    said = {fact.id for plan in plans for batch in plan for fact in batch if "viewed" in fact.type}
    await asyncio.gather(*map(work, plans))
    effected = await stage.effected()
    assert {id_: effected[id_] for id_ in said} == dict.fromkeys(said, 1)
    assert await deadlocks() == before


async def test_the_rows_of_a_batch_stay_locked_until_it_ends(stage, facts):
    a = uuid4()
    async with stage.database.transaction() as tx:
        await contacts.lock(tx, stage.contacts, [a])
        async with stage.database.transaction() as other:
            free = text("SELECT count(*) FROM (SELECT FROM stage.contacts FOR UPDATE SKIP LOCKED) AS free")
            assert await other.scalar(free) == 0


async def test_a_winner_merged_while_we_wait_for_it_sends_us_on(stage, facts, eventually):
    a, b, c = (uuid4() for _ in range(3))
    await stage.hear(facts.merged(a, b, 1))

    async def somebody_waits():
        async with stage.database.transaction() as other:
            return await other.scalar(
                text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            )

    async with stage.database.transaction() as tx:
        standings = await contacts.lock(tx, stage.contacts, [b, c])
        waiting = asyncio.create_task(stage.hear(facts.viewed(a)))
        await eventually(somebody_waits)
        await contacts.merge(tx, stage.contacts, standings.merged([contacts.Merge(b, c, 2)]))
    await waiting
    assert (await subjects(stage))[c] == 1
