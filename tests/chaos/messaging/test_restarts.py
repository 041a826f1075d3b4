"""RabbitMQ and PostgreSQL are restarted and killed under load: nothing is lost, consumers are soon back."""

import asyncio
from collections.abc import AsyncIterator, Callable

import aio_pika
import pytest
import pytest_asyncio
from canvass_messaging.connection import CONNECTION_ERRORS

from tests.chaos.messaging.actors import Actor
from tests.chaos.messaging.facts import people, views
from tests.chaos.messaging.house import House, until
from tests.chaos.messaging.servers import PrivateServers

pytestmark = [pytest.mark.chaos, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

PEOPLE = people(50, seed=2)
BACK_WITHIN_SECONDS = 60


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company(house: House) -> AsyncIterator[list[Actor]]:
    """Two processes of each service. That a server is away for a moment is no reason for any to end."""
    actors = [house.actor(name) for name in ("tracking", "segments", "tracking", "segments")]
    for actor in actors:
        actor.start()
    yield actors
    for actor in actors:
        assert actor.is_running
        await actor.stop()


async def consumers(house: House) -> int:
    try:
        async with await aio_pika.connect(house.amqp_url, timeout=5) as connection:
            channel = await connection.channel()
            queue = await channel.declare_queue("segments.live", passive=True)
            return queue.declaration_result.consumer_count or 0
    except CONNECTION_ERRORS:
        return 0


async def back(house: House) -> None:
    """Both processes of `segments` consume."""

    async def missing() -> str:
        number = await consumers(house)
        return "" if number == 2 else f"{number} consumers of 2"

    await until(missing, BACK_WITHIN_SECONDS)


async def under_load(house: House, disturb: Callable[[], None]) -> None:
    """Disturb while views are being said and heard."""
    await back(house)
    await house.ask(views(1500, PEOPLE, seed=1), a_message=3)
    await asyncio.to_thread(disturb)
    await house.ask(views(300, PEOPLE, seed=2), a_message=3)
    await back(house)
    await house.settled()


async def test_rabbitmq_is_restarted(house: House, servers: PrivateServers, company: list[Actor]) -> None:
    def restart() -> None:
        servers.stop("rabbitmq")
        servers.start()

    await under_load(house, restart)


async def test_rabbitmq_is_killed(house: House, servers: PrivateServers, company: list[Actor]) -> None:
    await under_load(house, lambda: servers.kill("rabbitmq"))


async def test_postgresql_is_restarted(house: House, servers: PrivateServers, company: list[Actor]) -> None:
    def restart() -> None:
        servers.stop("postgres")
        servers.start()

    await under_load(house, restart)


async def test_postgresql_is_killed(house: House, servers: PrivateServers, company: list[Actor]) -> None:
    await under_load(house, lambda: servers.kill("postgres"))


async def test_the_queues_of_a_service_are_deleted(house: House, company: list[Actor]) -> None:
    """What lay in them is gone, but who consumes them comes back, and what is said from then on is heard."""
    await house.settled()
    async with await aio_pika.connect(house.amqp_url) as connection:
        channel = await connection.channel()
        for name in ("segments.live", "segments.dead"):
            await channel.queue_delete(name)
    await back(house)
    await house.ask(views(50, PEOPLE, seed=3))
    await house.settled()
