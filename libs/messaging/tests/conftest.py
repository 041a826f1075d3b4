"""A small service of the tests' own: contacts, what was heard of them, and effects that may double."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import pytest
import pytest_asyncio
from canvass_messaging import failpoints, outbox, topology
from canvass_messaging.consumers import Consumers
from canvass_messaging.delivery import Delivery
from canvass_messaging.feeding import Feeding
from canvass_messaging.inbox import KEPT_DAYS
from canvass_messaging.links import Links
from canvass_messaging.process import Process
from canvass_messaging.reading import Incoming
from canvass_messaging.tables import MessagingTables
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database, Tx, is_transient, rows
from canvass_runtime.partitions import Partitioned, ensure
from canvass_schemas.campaigns import MessageWanted, MessageWantedData
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import uuid7
from canvass_schemas.points import ScoreChanged
from canvass_schemas.tracking import (
    ContactChanged,
    ContactChangedData,
    ContactMerged,
    ContactMergedData,
    EventTracked,
    PageViewed,
    PageViewedData,
)
from canvass_schemas.wire import dump
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
    text,
    update,
)

NOW = datetime(2026, 7, 30, 12, tzinfo=UTC)


class Poison(Exception):
    """What a handler says to an event that it cannot take."""


class Stage:
    """The service `segments`, played: whatever it hears it notes in `effects`, which nothing keeps unique."""

    def __init__(self, database: Database, url: str) -> None:
        self.database = database
        self.url = url
        self.metadata = MetaData(schema="stage")
        self.messaging = MessagingTables(self.metadata)
        self.contacts = Table(
            "contacts",
            self.metadata,
            Column("contact_id", Uuid, primary_key=True),
            Column("revision", BigInteger, nullable=False, server_default="0"),
            Column("merged_into", Uuid, index=True),
        )
        self.effects = Table(
            "effects",
            self.metadata,
            Column("event_id", Uuid),
            Column("type", Text),
            Column("contact_id", Uuid),
            Column("revision", Integer),
        )
        self.partitioned = [Partitioned(self.messaging.inbox, "day", KEPT_DAYS)]
        self.calls: list[Sequence[Fact[Any]]] = []
        """The lists that handlers were called with, failed ones too."""
        self.consumers = self.make_consumers()

    def make_consumers(self) -> Consumers:
        consumers = Consumers("segments", contacts=self.contacts)
        for fact in (ContactMerged, ContactChanged, ScoreChanged, PageViewed, EventTracked, MessageWanted):
            consumers.on(fact)(self.note)
        return consumers

    async def note(self, tx: Tx, events: Sequence[Any]) -> None:
        """The handler of everything: poisonous is what says so."""
        self.calls.append(events)
        if any(_properties(event).get("poison") for event in events):
            raise Poison("it is poisonous")
        await self.forgive(tx, events)

    async def forgive(self, tx: Tx, events: Sequence[Any]) -> None:
        """The handler after a repair: it takes what was poison before."""
        noted = [(e.id, e.type, e.subject, getattr(e.data, "revision", None)) for e in events]
        columns = {"event_id": Uuid(), "type": Text(), "contact_id": Uuid(), "revision": Integer()}
        given = select(rows("noted", columns, noted))
        await tx.execute(insert(self.effects).from_select(list(columns), given))
        for event in events:
            if isinstance(event, ContactChanged):
                known = self.contacts.c.contact_id == event.subject
                await tx.execute(update(self.contacts).where(known).values(revision=event.revision))

    def delivery(self, consumers: Consumers | None = None) -> Delivery:
        return Delivery(consumers or self.consumers, self.messaging, Clock())

    def feeding(self) -> Feeding:
        return Feeding(self.delivery(), self.messaging)

    async def deliver(self, *messages: Incoming, isolate: bool = False, lane: str = "live") -> None:
        """What a worker does with a batch: once as it is and, when that fails, with its events apart."""
        await self.delivery().take_effect(self.database, messages, lane, isolate=isolate)

    async def hear(self, *facts: Fact[Any]) -> None:
        """Deliver facts, those of one type in one message, together in one batch."""
        kinds = dict.fromkeys(type(fact) for fact in facts)
        messages = [wire([fact for fact in facts if type(fact) is kind]) for kind in kinds]
        while True:  # as a worker does
            try:
                return await self.deliver(*messages, isolate=True)
            except Exception as error:
                if not is_transient(error):
                    raise

    async def say(self, *facts: Fact[Any], lane: str = "live") -> None:
        async with self.database.transaction(lane) as tx:
            await outbox.say(tx, self.messaging.outbox, facts)

    async def effected(self) -> Counter[UUID]:
        """How often each event took effect."""
        return Counter(await self.column(self.effects.c.event_id))

    async def column(self, column: Any, *conditions: Any) -> list[Any]:
        async with self.database.transaction() as tx:
            return await tx.scalars(select(column).where(*conditions))

    async def count(self, table: Table, *conditions: Any) -> int:
        async with self.database.transaction() as tx:
            return await tx.scalar(select(func.count()).select_from(table).where(*conditions))

    async def run(self, statement: str, **parameters: Any) -> None:
        async with self.database.transaction() as tx:
            await tx.execute(text(statement), parameters)

    async def retries(self) -> list[Any]:
        async with self.database.transaction() as tx:
            return list(await tx.all(select(self.messaging.retries).order_by(self.messaging.retries.c.id)))

    def process(self, vhost: str, lanes: Sequence[str] = ("live",), **more: Any) -> Process:
        """A process of the service with a pool of its own, as if it ran elsewhere."""
        database = Database(self.url, application_name="stage", pool_size=5)
        return Process(Links(database, Clock(), vhost), self.consumers, self.messaging, lanes=lanes, **more)


def _properties(event: Any) -> dict[str, Any]:
    return getattr(event.data, "properties", {})


def wire(facts: Sequence[Fact[Any]], message_id: UUID | None = None) -> Incoming:
    return Incoming(message_id or uuid7(), facts[0].type, dump(facts))


def viewed(contact: UUID | None = None, **properties: Any) -> PageViewed:
    data = PageViewedData(message_id=str(uuid4()), contact_known=True, path="/", properties=properties)
    return PageViewed.of(data, subject=contact or uuid4(), time=NOW)


def changed(contact: UUID, revision: int) -> ContactChanged:
    data = ContactChangedData(revision=revision, created_at=NOW)
    return ContactChanged.of(data, subject=contact, time=NOW)


def merged(loser: UUID, winner: UUID, revision: int = 1) -> ContactMerged:
    return ContactMerged.of(ContactMergedData(into=winner, revision=revision), subject=loser, time=NOW)


def wanted(contact: UUID, contact_revision: int = 0) -> MessageWanted:
    data = MessageWantedData(
        effect_id=uuid4(),
        channel="email",
        template="welcome",
        campaign="welcome",
        version=1,
        journey_id=uuid4(),
        step="send",
        visit=1,
        message_class="marketing",
        contact_revision=contact_revision,
    )
    return MessageWanted.of(data, subject=contact, time=NOW)


@pytest.fixture
def facts() -> Any:
    """What makes facts: `facts.viewed(contact)`, `changed`, `merged`, `wanted`; and `facts.wire`."""

    class Facts:
        viewed = staticmethod(viewed)
        changed = staticmethod(changed)
        merged = staticmethod(merged)
        wanted = staticmethod(wanted)
        wire = staticmethod(wire)
        Poison = Poison
        NOW = NOW

    return Facts


@pytest_asyncio.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """The service, with a schema of this test's own."""
    database = Database(database_url, application_name="tests", pool_size=10)
    stage = Stage(database, database_url)
    async with database.transaction() as tx:
        await tx.execute(text("CREATE SCHEMA stage"))
        await tx.connection.run_sync(stage.metadata.create_all)
        await ensure(tx, stage.partitioned, Clock().now().date())
    yield stage
    async with database.transaction() as tx:
        await tx.execute(text("DROP SCHEMA stage CASCADE"))
    await database.dispose()


@pytest.fixture
def eventually() -> Callable[..., Awaitable[Any]]:
    """Polls a condition until it holds, and fails after a deadline with what it last gave."""

    async def eventually(condition: Callable[[], Awaitable[Any]], seconds: float = 15) -> Any:
        answer = None
        try:
            async with asyncio.timeout(seconds):
                while not (answer := await condition()):  # noqa: ASYNC110 - what is elsewhere sets no event
                    await asyncio.sleep(0.02)
        except TimeoutError:
            pytest.fail(f"after {seconds:.0f} s still {answer!r}")
        return answer

    return eventually


@pytest.fixture
def arm():
    """Arms failpoints for the test."""
    yield failpoints.arm
    failpoints.arm("")


class Broker:
    """A tester's own connection to the broker of the test's vhost."""

    def __init__(
        self, connection: aio_pika.abc.AbstractConnection, channel: aio_pika.abc.AbstractChannel
    ) -> None:
        self.connection = connection
        self.channel = channel

    async def put(self, queue: str, message: Incoming, exchange: str = "", **headers: Any) -> None:
        """Publish as a relay does, but straight into a queue."""
        sent = aio_pika.Message(
            message.body, message_id=str(message.message_id), type=message.type, headers=headers
        )
        to = await self.channel.get_exchange(exchange) if exchange else self.channel.default_exchange
        await to.publish(sent, queue)

    async def depth(self, queue: str) -> int:
        """How many messages wait in a queue; those on their way to a consumer not counted."""
        found = await self.channel.declare_queue(queue, passive=True)
        return found.declaration_result.message_count

    async def declare(self, service: str) -> None:
        await topology.declare_hearers(self.channel, "tracking")
        await topology.declare(self.channel, service)


@pytest_asyncio.fixture
async def broker(vhost: str) -> AsyncIterator[Broker]:
    connection = await aio_pika.connect(vhost)
    yield Broker(connection, await connection.channel())
    await connection.close()


@pytest_asyncio.fixture
async def running() -> AsyncIterator[Callable[..., Awaitable[asyncio.Event]]]:
    """Runs something until the test ends: `stop = await running(relay.run)`. Fails if it fails."""
    ends: list[tuple[asyncio.Event, asyncio.Task[None]]] = []

    async def run(work: Callable[[asyncio.Event], Awaitable[None]]) -> asyncio.Event:
        stop = asyncio.Event()
        ends.append((stop, asyncio.create_task(_as_coroutine(work, stop))))
        return stop

    yield run
    for stop, task in reversed(ends):
        stop.set()
        async with asyncio.timeout(20):
            await task


async def _as_coroutine(work: Callable[[asyncio.Event], Awaitable[None]], stop: asyncio.Event) -> None:
    await work(stop)
