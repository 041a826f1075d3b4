"""One database, one vhost, and the two services in them: what was said to them, and what came of it."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import aio_pika
from canvass_messaging import topology
from canvass_messaging.outbox import say
from canvass_messaging.service import Service
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database, is_transient
from canvass_runtime.partitions import ensure
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import derived, uuid7
from canvass_schemas.segments import ContactEntered
from canvass_schemas.tracking import PageViewed
from canvass_schemas.wire import dump, parse
from sqlalchemy import MetaData, func, insert, select, text
from sqlalchemy.schema import CreateSchema

from tests.chaos.messaging.actors import Actor
from tests.chaos.messaging.players import SERVICES, effects, segments, todo, tracking

SETTLES_WITHIN_SECONDS = 90.0


class House:
    """Where the services live. `begin` once; `end` stops all actors."""

    def __init__(self, database_url: str, amqp_url: str, logs: Path) -> None:
        self.database = Database(database_url, application_name="chaos", pool_size=5)
        self.amqp_url = amqp_url
        self._logs = logs
        self._environment = {"CANVASS_DATABASE_URL": database_url, "CANVASS_RABBITMQ_URL": amqp_url}
        self.actors: list[Actor] = []
        self._views: dict[UUID, PageViewed] = {}
        self._parked: set[UUID] = set()
        self._said_on: set[UUID] = set()

    async def begin(self) -> None:
        """Make the schemas and the queues."""
        for service in SERVICES.values():
            await self._migrate(service)
        async with await aio_pika.connect(self.amqp_url) as connection:
            channel = await connection.channel()
            for service in ("tracking", "segments"):
                await topology.declare_hearers(channel, service)

    async def _migrate(self, service: Service[Any]) -> None:
        metadata: MetaData = service.metadata
        async with self.database.transaction() as tx:
            await tx.execute(CreateSchema(metadata.schema or ""))
            await tx.connection.run_sync(metadata.create_all)
            await ensure(tx, service.all_partitioned(), Clock().now().date())

    def actor(self, service: str, *arguments: str, **environment: str) -> Actor:
        """A process of a service, not started yet: by default its live worker."""
        number = len(self.actors)
        actor = Actor(
            service,
            list(arguments or ("worker",)),
            self._environment | environment,
            self._logs / f"{number}-{service}.log",
        )
        self.actors.append(actor)
        return actor

    async def end(self) -> None:
        for actor in self.actors:
            actor.kill()
        await self.database.dispose()

    # What is said to them

    async def ask(self, facts: Iterable[Fact[Any]], *, lane: str = "live", a_message: int = 10) -> None:
        """Have `tracking` say these, so many of one type in a message."""
        messages: list[dict[str, Any]] = []
        for kind, group in groupby(self._expected(facts), key=lambda fact: fact.type):
            some = list(group)
            bodies = (dump(some[n : n + a_message]) for n in range(0, len(some), a_message))
            messages += [{"type": kind, "lane": lane, "body": body} for body in bodies]
        async with self.database.transaction() as tx:
            await tx.execute(insert(todo), messages)

    async def leave(self, facts: Sequence[Fact[Any]]) -> None:
        """Leave these in the outbox of `tracking`, as a process that died after its commit does."""
        async with self.database.transaction() as tx:
            await say(tx, tracking.messaging.outbox, self._expected(facts))

    async def give_up(self, facts: Sequence[Fact[Any]]) -> None:
        """Put a message of these among the dead letters of `segments`, as the broker does."""
        body = dump(self._expected(facts))
        async with await aio_pika.connect(self.amqp_url) as connection:
            channel = await connection.channel()
            dead = await channel.get_exchange(topology.DEAD_LETTERS)
            message = aio_pika.Message(body, message_id=str(uuid7()), type=facts[0].type)
            await dead.publish(message, "segments")

    def _expected(self, facts: Iterable[Fact[Any]]) -> list[Fact[Any]]:
        given = list(facts)
        for fact in given:
            if isinstance(fact, PageViewed) and fact.data.properties.get("poison"):
                self._parked.add(fact.id)
            elif isinstance(fact, PageViewed):
                self._views[fact.id] = fact
        return given

    # What came of it

    async def settled(self, seconds: float = SETTLES_WITHIN_SECONDS) -> None:
        """Wait until nothing is on its way any more; then nothing may be lost, and nothing doubled."""
        await until(self._is_settled, seconds)
        await self.holds()

    async def _is_settled(self) -> str:
        """What is not settled yet; nothing, once all is."""
        counts = {
            "to be said": select(func.count()).select_from(todo),
            "in the outbox of tracking": select(func.count()).select_from(tracking.messaging.outbox),
            "in the outbox of segments": select(func.count()).select_from(segments.messaging.outbox),
            "to be tried again": select(func.count(segments.messaging.retries.c.next_at)),
            "without an effect": select(len(self._views) - func.count(effects.c.event_id.distinct())),
            "parked too many": select(func.count(segments.messaging.retries.c.parked_at) - len(self._parked)),
        }
        async with self.database.transaction() as tx:
            found = (await tx.execute(select(*(count.scalar_subquery() for count in counts.values())))).one()
        waiting = dict(zip(counts, found, strict=True)) | await self._queued()
        return ", ".join(f"{number} {what}" for what, number in waiting.items() if number)

    async def _queued(self) -> dict[str, int]:
        depths: dict[str, int] = {}
        async with await aio_pika.connect(self.amqp_url) as connection:
            channel = await connection.channel()
            for name in ("segments.live", "segments.bulk", "segments.dead"):
                queue = await channel.declare_queue(name, passive=True)
                depths[f"in {name}"] = queue.declaration_result.message_count or 0
        return depths

    async def holds(self) -> None:
        """Whatever was said has taken effect once, or is parked once; and so has whatever that said."""
        async with self.database.transaction() as tx:
            effected = Counter(
                await tx.scalars(select(effects.c.event_id).where(effects.c.type == PageViewed.TYPE))
            )
            retries = segments.messaging.retries
            parked = Counter(
                await tx.scalars(select(retries.c.event_id).where(retries.c.parked_at.is_not(None)))
            )
        assert effected == dict.fromkeys(self._views, 1)
        assert parked == dict.fromkeys(self._parked, 1)
        await self._hear_of_segments()
        assert self._said_on == {derived("entered", id_) for id_ in self._views}

    async def _hear_of_segments(self) -> None:
        """Take what `segments` has said from the queues of a hearer; some of it twice, which is allowed."""
        async with await aio_pika.connect(self.amqp_url) as connection:
            channel = await connection.channel()
            for name in ("campaigns.live", "campaigns.bulk"):
                queue = await channel.get_queue(name)
                while message := await queue.get(fail=False):
                    if message.type == ContactEntered.TYPE:
                        self._said_on |= {fact.id for fact in parse(ContactEntered, message.body)}
                    await message.ack()


async def until(waiting_for: Callable[[], Awaitable[str]], seconds: float) -> None:
    """Poll until nothing is waited for any more. Raises AssertionError with what still is."""
    still = "?"
    try:
        async with asyncio.timeout(seconds):
            while still:
                await asyncio.sleep(0.1)
                still = await _asked(waiting_for)
    except TimeoutError:
        raise AssertionError(f"after {seconds:.0f} s there is still: {still}") from None


async def _asked(waiting_for: Callable[[], Awaitable[str]]) -> str:
    """While a server is away there is no answer."""
    try:
        return await waiting_for()
    except Exception as error:
        if not (is_transient(error) or isinstance(error, (aio_pika.exceptions.AMQPError, RuntimeError))):
            raise
        return f"a server that is away ({error!r})"


async def idle_for_long(database: Database) -> list[str]:
    """Who has held a transaction open for more than five seconds without doing anything in it."""
    query = text(
        "SELECT application_name || ': ' || query FROM pg_stat_activity"
        " WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds'"
    )
    async with database.transaction() as tx:
        return await tx.scalars(query)
