"""A database with the schema of tracking, emptied between tests; the edge over it; what was said in it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from canvass_messaging.parked_api import parked_router
from canvass_runtime import partitions, serving
from canvass_runtime.app import create_app
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database
from canvass_runtime.links import Links
from canvass_runtime.migrations import migrate
from canvass_runtime.tokens import create_keys, issue
from canvass_schemas.catalogue import by_type
from canvass_schemas.wire import parse
from canvass_tracking.api import router
from canvass_tracking.ingest.commit import committing
from canvass_tracking.ingest.edge import edge as whole_edge
from canvass_tracking.ingest.forms.desk import Desk
from canvass_tracking.ingest.forms.routes import form_routes
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.main import service
from canvass_tracking.settings import Settings
from canvass_tracking.tables import messaging, metadata
from canvass_tracking.use_cases import sources
from pydantic import SecretStr
from sqlalchemy import select, text
from starlette.types import ASGIApp

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
KEY, SECRET_KEY = "wk_public", "wk_secret"
SCOPES = [
    "sources:read",
    "sources:write",
    "contacts:read",
    "contacts:write",
    "forms:read",
    "forms:write",
    "operations:read",
    "operations:write",
]


class FixedClock(Clock):
    """Noon, until it is told otherwise."""

    present = NOON

    def now(self) -> datetime:
        return self.present


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def schema(database_url: str) -> str:
    migrate(database_url, "canvass_tracking", "tracking")
    return database_url


@pytest.fixture
async def database(schema: str) -> AsyncIterator[Database]:
    database = Database(schema, application_name="tests", pool_size=5)
    await empty(database)
    async with database.transaction() as tx:
        await partitions.ensure(tx, service.all_partitioned(), NOON.date())
        await sources.put_source(tx, "website", "Website", trusted=False, write_key=KEY)
        await sources.put_source(tx, "server", "Server", trusted=True, write_key=SECRET_KEY)
    yield database
    await empty(database)
    await database.dispose()


async def empty(database: Database) -> None:
    async with database.transaction() as tx:
        tables = ", ".join(str(table) for table in metadata.sorted_tables)
        await tx.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))


@pytest.fixture
def said(database: Database):
    """What was said in a lane, in order; all is forgotten with it."""

    async def said(lane="live"):
        outbox = messaging.outbox
        async with database.transaction() as tx:
            query = select(outbox.c.type, outbox.c.body).where(outbox.c.lane == lane)
            rows = await tx.all(query.order_by(outbox.c.id))
            await tx.execute(outbox.delete())
        return [fact for kind, body in rows for fact in parse(by_type(kind), body)]

    return said


@pytest.fixture
def settings(database_url: str, tmp_path) -> Settings:
    return Settings(
        database_url=SecretStr(database_url),
        rabbitmq_url=SecretStr("amqp://nowhere/"),
        keys_dir=tmp_path / "keys",
        link_secret=SecretStr("a secret of these tests"),
    )


@pytest.fixture
def rest(database: Database, clock: FixedClock, settings: Settings, group: GroupCommit):
    return create_app(
        "tracking",
        database=database,
        clock=clock,
        settings=settings,
        routers=[
            router,
            form_routes(Desk(database, clock, group, "http://tracking")),
            parked_router(messaging),
        ],
    )


@pytest.fixture
def group(database: Database, clock: Clock) -> GroupCommit:
    return committing(database, clock)


@pytest.fixture
def links(settings: Settings) -> Links:
    return Links.of(settings.link_secret)


def edge_over(database: Database, rest, clock: Clock, max_bytes: int = 500 * 1024) -> ASGIApp:
    links, group = Links(["a secret of these tests"]), committing(database, clock)
    return whole_edge(rest, database, clock, group=group, links=links, max_bytes=max_bytes)


@pytest.fixture
def edge(database: Database, rest, clock: FixedClock) -> ASGIApp:
    """The whole ASGI application, as it is served."""
    return edge_over(database, rest, clock)


@pytest.fixture
async def client(edge: ASGIApp) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=edge, raise_app_exceptions=True)
    async with httpx2.AsyncClient(transport=transport, base_url="http://tracking") as client:
        yield client


@pytest.fixture
async def api(client: httpx2.AsyncClient, settings: Settings) -> httpx2.AsyncClient:
    """The client, with a key for everything."""
    private = create_keys(settings.keys_dir)
    token = issue(private, SCOPES, timedelta(hours=1), "tests")
    client.headers["authorization"] = f"Bearer {token}"
    return client


@pytest.fixture
async def address(edge: ASGIApp) -> AsyncIterator[str]:
    """The application over real HTTP, for clients that speak nothing else."""
    stop, listening = asyncio.Event(), asyncio.get_running_loop().create_future()
    serve = asyncio.create_task(serving.serve(edge, "127.0.0.1", 0, stop, listening=listening))
    yield f"http://127.0.0.1:{await listening}"
    stop.set()
    await serve


def types(facts: Sequence) -> list[str]:
    """`page_viewed` and so on, in the order in which they were said."""
    return [fact.type.split(".")[1] for fact in facts]
