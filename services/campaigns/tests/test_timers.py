from datetime import timedelta

import pytest
from canvass_campaigns.store import due
from canvass_campaigns.tables import contacts, journeys, messaging
from canvass_campaigns.timers import forget_answers, wake_journeys
from canvass_campaigns.use_cases import defining
from canvass_messaging.contacts import lock
from canvass_schemas.campaigns import JourneyEnded, MessageWanted
from canvass_schemas.ids import derived

from services.campaigns.tests.conftest import ANN, BOB, EMAIL, NOON, entered

HOUR = timedelta(hours=1)
WAITING = {"pause": {"do": "wait", "for": "PT1H", "next": "welcome"}, "welcome": EMAIL}


@pytest.fixture
async def waiting(publish, hear, said):
    await publish(steps=WAITING)
    await hear(entered(ANN), entered(BOB, at=NOON + HOUR))
    await said()


@pytest.fixture
def seconds_until(database):
    async def seconds_until(due_at, now):
        async with database.transaction() as tx:
            return await tx.scalar(due_at(now))

    return seconds_until


async def test_a_journey_wakes_when_its_time_has_come(database, waiting, said, rows_of, seconds_until):
    assert await seconds_until(due.next_waking, NOON) == 3600
    assert await wake_journeys(database, NOON + HOUR - timedelta(seconds=1)) == 0
    assert await wake_journeys(database, NOON + HOUR) == 1
    (wanted,) = await said()
    assert (type(wanted), wanted.subject, wanted.time, wanted.hops) == (MessageWanted, ANN, NOON + HOUR, 0)
    assert await wake_journeys(database, NOON + HOUR) == 0
    assert await seconds_until(due.next_waking, NOON + HOUR) == 3600
    assert await wake_journeys(database, NOON + 2 * HOUR) == 1
    assert await seconds_until(due.next_waking, NOON) is None


async def test_contacts_that_somebody_holds_are_passed_over(database, waiting, said):
    async with database.transaction() as tx:
        await lock(tx, contacts, [ANN])
        assert await wake_journeys(database, NOON + 2 * HOUR) == 1
    assert [fact.subject for fact in await said(MessageWanted)] == [BOB]
    assert await wake_journeys(database, NOON + 2 * HOUR) == 1


async def test_a_paused_campaign_wakes_nobody_and_holds_nobody_up(
    database, waiting, publish, hear, said, seconds_until
):
    await publish("beside", steps=WAITING)
    await hear(entered(ANN, at=NOON + 5 * HOUR))
    await said()
    async with database.transaction() as tx:
        await defining.unpublish(tx, "hot-leads")
    await said()
    assert await seconds_until(due.next_waking, NOON) == 6 * 3600
    assert await wake_journeys(database, NOON + 6 * HOUR) == 1
    assert [fact.data.campaign for fact in await said(MessageWanted)] == ["beside"]


async def test_many_at_once_go_by_bulk(database, publish, hear, said, rows_of):
    await publish(steps={"pause": {"do": "wait", "for": "PT1H"}})
    await hear(*(entered(derived("contact", number)) for number in range(1_001)))
    await said()
    woken = await wake_journeys(database, NOON + HOUR)
    async with database.transaction() as tx:
        lanes = set(await tx.scalars(messaging.outbox.select().with_only_columns(messaging.outbox.c.lane)))
    assert (woken, lanes) == (500, {"bulk"})
    while await wake_journeys(database, NOON + HOUR):
        pass
    assert len(await said(JourneyEnded)) == 1_001
    assert all(row.ended_at for row in await rows_of(journeys))


async def test_answers_are_forgotten_after_a_day(database, client, publish, clock, seconds_until):
    await publish()
    await client.post("/campaigns/hot-leads/publish", headers={"Idempotency-Key": "monday"})
    seconds = await seconds_until(due.next_forgetting, clock.now())
    assert 86_390 < seconds <= 86_400
    assert await forget_answers(database, clock.now()) == 0
    assert await forget_answers(database, clock.turn(timedelta(days=1, seconds=1))) == 1
