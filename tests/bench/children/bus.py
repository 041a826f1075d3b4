"""Two services that are nothing but messaging: `speaker` says page views, `hearer` keeps a row of each."""

import asyncio
import random
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from canvass_messaging.consumers import Consumers
from canvass_messaging.links import Links
from canvass_messaging.outbox import say
from canvass_messaging.process import Process
from canvass_messaging.tables import MessagingTables
from canvass_runtime import logs, partitions
from canvass_runtime.clock import Clock, monotonic
from canvass_runtime.db import Database, Tx, rows
from canvass_runtime.partitions import Partitioned
from canvass_schemas.ids import derived
from canvass_schemas.tracking import PageViewed, PageViewedData
from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text, Uuid, insert, select
from sqlalchemy.schema import CreateSchema

from tests.bench import child
from tests.bench.child import Handler

CONTACTS = 10_000
EVENTS_A_MESSAGE = 100
SPEAKING_AT_ONCE = 4
GIVE_UP_SECONDS = 100


class Service:
    """The tables and the process of one of the two, in a schema of its own."""

    def __init__(self, name: str, plays: str, database_url: str, rabbitmq_url: str) -> None:
        self.metadata = MetaData(schema=name)
        self.contacts = Table(
            "contacts",
            self.metadata,
            Column("contact_id", Uuid, primary_key=True),
            Column("revision", BigInteger, nullable=False, server_default="0"),
            Column("merged_into", Uuid),
        )
        self.messaging = MessagingTables(self.metadata)
        self.consumers = Consumers(plays, contacts=self.contacts)
        self.database = Database(database_url, application_name=f"bench {name}")
        self.clock = Clock()
        self.rabbitmq_url = rabbitmq_url

    @asynccontextmanager
    async def running(self, *lanes: str) -> AsyncGenerator[None]:
        """Its relay, and its workers of these lanes, run inside."""
        await self._migrate()
        links = Links(self.database, self.clock, self.rabbitmq_url)
        process = Process(links, self.consumers, self.messaging, lanes=lanes)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(process.run(stop))
            try:
                async with asyncio.timeout(GIVE_UP_SECONDS):
                    while not await process.is_ready():  # noqa: ASYNC110 - it has no event
                        await asyncio.sleep(0.05)
                yield
            finally:
                stop.set()

    async def _migrate(self) -> None:
        async with self.database.transaction() as tx:
            await tx.execute(CreateSchema(self.metadata.schema or ""))
            await tx.connection.run_sync(self.metadata.create_all)
            await partitions.ensure(tx, [Partitioned(self.messaging.inbox, "day")], self.clock.now().date())


@asynccontextmanager
async def speaking(database_url: str, rabbitmq_url: str) -> AsyncGenerator[Handler]:
    """Answers {"events": n} with when it began, once n events are said and committed."""
    service = Service("speaker", "tracking", database_url, rabbitmq_url)
    ids = [derived("bench", number) for number in range(CONTACTS)]
    chance = random.Random(1)

    seen = [_page(number) for number in range(1_000)]

    async def say_some(messages: int) -> None:
        for _ in range(messages):
            async with service.database.transaction() as tx:
                await say(tx, service.messaging.outbox, facts())

    def facts() -> list[PageViewed]:
        now = service.clock.now()
        who, what = chance.choices(ids, k=EVENTS_A_MESSAGE), chance.choices(seen, k=EVENTS_A_MESSAGE)
        return [PageViewed.of(data, subject=id_, time=now) for data, id_ in zip(what, who, strict=True)]

    async def answer(question: dict[str, Any]) -> dict[str, Any]:
        began = monotonic()
        each = question["events"] // EVENTS_A_MESSAGE // SPEAKING_AT_ONCE
        await asyncio.gather(*(say_some(each) for _ in range(SPEAKING_AT_ONCE)))
        return {"began": began, "said": each * SPEAKING_AT_ONCE * EVENTS_A_MESSAGE}

    async with service.running():
        yield answer


def _page(number: int) -> PageViewedData:
    return PageViewedData(
        message_id=f"ajs-next-{number:016x}",
        contact_known=True,
        path="/pricing",
        url="https://www.example.com/pricing?plan=team",
        title="Pricing",
        referrer="https://www.example.com/",
        properties={"plan": "team", "seats": number},
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """Told to the database's listeners once the events of a handler are committed."""

    events: int


@asynccontextmanager
async def hearing(database_url: str, rabbitmq_url: str) -> AsyncGenerator[Handler]:
    """Answers {"events": n} with when it had committed n more events than it had when it answered last."""
    service = Service("hearer", "segments", database_url, rabbitmq_url)
    views = Table(
        "views",
        service.metadata,
        Column("contact_id", Uuid, primary_key=True),
        Column("event_id", Uuid, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("path", Text, nullable=False),
    )
    columns = {column.name: column.type for column in views.c}
    commits: asyncio.Queue[tuple[int, float]] = asyncio.Queue()

    @service.consumers.on(PageViewed)
    async def page_viewed(tx: Tx, events: Sequence[PageViewed]) -> None:
        given = rows("heard", columns, [(one.subject, one.id, one.time, one.data.path) for one in events])
        await tx.execute(insert(views).from_select(list(columns), select(given)))
        tx.outgoing.append(Heard(len(events)))

    def committed(outgoing: Sequence[object]) -> None:
        events = sum(one.events for one in outgoing if isinstance(one, Heard))
        commits.put_nowait((events, monotonic()))

    async def answer(question: dict[str, Any]) -> dict[str, Any]:
        heard, at, batches = 0, 0.0, 0
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while heard < question["events"]:
                events, at = await commits.get()
                heard, batches = heard + events, batches + bool(events)
        return {"ended": at, "heard": heard, "batches": batches}

    service.database.listeners.append(committed)
    async with service.running("live"):
        yield answer


if __name__ == "__main__":
    logs.configure("bench", "warning")
    role, *urls = sys.argv[1:]
    child.run(partial({"speaker": speaking, "hearer": hearing}[role], *urls))
