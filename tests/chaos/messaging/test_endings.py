"""How processes end: drained when asked, loudly when they cannot work, both halves of one together."""

import asyncio
import signal

import psutil
import pytest
from canvass_messaging.tables import MessagingTables
from sqlalchemy import func, select

from tests.chaos.messaging import players
from tests.chaos.messaging.actors import Actor
from tests.chaos.messaging.facts import people, views
from tests.chaos.messaging.house import House, until

pytestmark = [pytest.mark.chaos, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

PEOPLE = people(20, seed=3)
NOBODY_LISTENS = "127.0.0.1:9"


async def effects(house: House) -> int:
    async with house.database.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(players.effects))


async def unsaid(house: House, messaging: MessagingTables) -> int:
    async with house.database.transaction() as tx:
        return await tx.scalar(select(func.count()).select_from(messaging.outbox))


async def test_asked_to_stop_amid_its_work_a_process_leaves_nothing_unsaid(house: House) -> None:
    tracking, segments = house.actor("tracking"), house.actor("segments")
    tracking.start()
    segments.start()
    await house.ask(views(2000, PEOPLE), a_message=2)

    async def some() -> str:
        return "" if await effects(house) > 100 else "too little done to interrupt"

    await until(some, 30)
    await asyncio.gather(tracking.stop(), segments.stop())
    assert await unsaid(house, players.tracking.messaging) == 0
    assert await unsaid(house, players.segments.messaging) == 0
    tracking.start()
    segments.start()
    await house.settled()
    await asyncio.gather(tracking.stop(), segments.stop())


@pytest.mark.parametrize(
    "away",
    [
        {"CANVASS_RABBITMQ_URL": f"amqp://x:x@{NOBODY_LISTENS}/"},
        {"CANVASS_DATABASE_URL": f"postgresql://x@{NOBODY_LISTENS}/x"},
    ],
    ids=["rabbitmq", "postgresql"],
)
async def test_a_process_that_cannot_work_ends_loudly(house: House, away: dict[str, str]) -> None:
    actor = house.actor("segments", "worker", CHAOS_GIVE_UP_SECONDS="1", **away)
    actor.start()
    assert await actor.ended(30) == 1
    assert "Away" in actor.log.read_text()


async def serving(house: House) -> tuple[Actor, psutil.Process]:
    """A process that serves HTTP and the live lane, and its other half, which serves the bulk lane."""
    actor = house.actor("segments", "serve")
    actor.start()

    async def half() -> str:
        return "" if psutil.Process(actor.pid).children() else "no other half"

    await until(half, 20)
    (other,) = psutil.Process(actor.pid).children()
    await house.ask(views(20, PEOPLE), lane="bulk")
    await house.ask(views(20, PEOPLE))
    return actor, other


@pytest.fixture
def speaker(house: House):
    actor = house.actor("tracking")
    actor.start()
    yield actor
    actor.kill()


async def test_both_lanes_are_served_and_both_halves_drain(house: House, speaker: Actor) -> None:
    actor, other = await serving(house)
    await house.settled()
    await actor.stop()
    assert not other.is_running()


async def test_when_the_bulk_half_dies_the_whole_ends_loudly(house: House, speaker: Actor) -> None:
    actor, other = await serving(house)
    await house.settled()
    other.send_signal(signal.SIGKILL)
    assert await actor.ended() == 1


async def test_when_the_serving_half_dies_the_bulk_half_ends(house: House, speaker: Actor) -> None:
    actor, other = await serving(house)
    await house.settled()
    actor.kill()
    await asyncio.to_thread(other.wait, 30)
