"""A database with the schema of points, emptied between tests; facts heard and said in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from canvass_messaging.hearing import Hearing
from canvass_messaging.isolation import directly
from canvass_messaging.parked_api import parked_router
from canvass_points.api import router
from canvass_points.consumers import consumers
from canvass_points.main import service
from canvass_points.settings import Settings
from canvass_points.store.today import today
from canvass_points.tables import contacts, messaging, metadata
from canvass_points.use_cases import defining
from canvass_runtime import partitions
from canvass_runtime.app import create_app
from canvass_runtime.clock import TurnedClock
from canvass_runtime.db import Database
from canvass_runtime.migrations import migrate
from canvass_runtime.tokens import create_keys, issue
from canvass_schemas.catalogue import by_type
from canvass_schemas.tracking import (
    ContactMerged,
    ContactMergedData,
    EmailOpened,
    EventTracked,
    EventTrackedData,
    FormSubmitted,
    FormSubmittedData,
    LinkClicked,
    LinkClickedData,
    PageViewed,
    PageViewedData,
    ReactionData,
)
from canvass_schemas.wire import parse
from pydantic import SecretStr
from sqlalchemy import event, select, text

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ANN, BOB, CAT = UUID(int=1), UUID(int=2), UUID(int=3)
TOLD = {"contact_known": True, "message_id": "m"}
MAIL = {"effect_id": UUID(int=9), "channel": "email", "template": "welcome", "campaign": "c"}

PRICING = {"name": "Looked at prices", "on": "page_viewed", "path": "/pricing", "delta": 10}
BLOG = {"name": "Reads", "on": "page_viewed", "path": "/blog/*", "delta": 2}
REFUNDED = {"name": "Was refunded", "on": "event_tracked", "event": "Refunded", "delta": -30}
WEBINAR = {"name": "Came", "on": "form_submitted", "form": "webinar", "delta": 20, "repeat": "once"}
HOT = {"name": "Hot prospect", "at": 20, "do": [{"segment": "hot"}]}


def viewed(contact_id, path="/pricing", minute=0, **told):
    return _fact(PageViewed, PageViewedData(**{**TOLD, **told}, path=path), contact_id, minute)


def tracked(contact_id, name="Refunded", minute=0, **told):
    return _fact(EventTracked, EventTrackedData(**{**TOLD, **told}, name=name), contact_id, minute)


def submitted(contact_id, form="webinar", minute=0):
    return _fact(FormSubmitted, FormSubmittedData(**TOLD, form=form), contact_id, minute)


def opened(contact_id, minute=0):
    return _fact(EmailOpened, ReactionData(**TOLD, **MAIL), contact_id, minute)


def clicked(contact_id, url="https://example.com/x", minute=0):
    return _fact(LinkClicked, LinkClickedData(**TOLD, **MAIL, url=url), contact_id, minute)


def merged(loser, winner, minute=0, revision=9):
    return _fact(ContactMerged, ContactMergedData(into=winner, revision=revision), loser, minute)


def _fact(kind, data, contact_id, minute):
    return kind.of(data, subject=contact_id, time=NOON + timedelta(minutes=minute))


@pytest.fixture(scope="session")
def schema(database_url: str) -> str:
    migrate(database_url, "canvass_points", "points")
    return database_url


@pytest.fixture
async def database(schema: str) -> AsyncIterator[Database]:
    database = Database(schema, application_name="tests", pool_size=5)
    async with database.transaction() as tx:
        await partitions.ensure(tx, service.all_partitioned(), NOON.date())
    await empty(database)
    yield database
    await empty(database)
    await database.dispose()


async def empty(database: Database) -> None:
    today.forget()
    async with database.transaction() as tx:
        tables = ", ".join(str(table) for table in metadata.sorted_tables)
        await tx.execute(text(f"TRUNCATE {tables}"))


@pytest.fixture
def hear(database: Database):
    """Let facts take effect in one transaction, as the worker does."""

    async def hear(*facts, lane="live"):
        async with database.transaction(lane) as tx:
            await Hearing(consumers, messaging, tx, NOON, directly, patient=True).hear(facts)

    return hear


@pytest.fixture
def said(database: Database):
    """What was said, in order, and forgotten with it."""

    async def said(*lanes):
        outbox = messaging.outbox
        among = outbox.c.lane.in_(lanes or ("live", "bulk"))
        async with database.transaction() as tx:
            rows = await tx.all(select(outbox).where(among).order_by(outbox.c.id))
            await tx.execute(outbox.delete())
        return [fact for row in rows for fact in parse(by_type(row.type), row.body)]

    return said


@pytest.fixture
def define(database: Database):
    """Put an action or a trigger."""

    async def define(key, document):
        kind = defining.triggers if "at" in document else defining.actions
        async with database.transaction() as tx:
            known = await kind.find(tx, key)
            if known is None:
                await kind.create(tx, key, document)
            else:
                await kind.replace(tx, known, document)

    return define


@pytest.fixture
def scores(database: Database):
    """The scores of those who have one."""

    async def scores():
        query = select(contacts.c.contact_id, contacts.c.score).where(contacts.c.score != 0)
        async with database.transaction() as tx:
            return {row.contact_id: row.score for row in await tx.all(query)}

    return scores


@pytest.fixture
def statements(database: Database):
    """The statements sent since the list was last cleared."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    return sent


@pytest.fixture
async def client(database: Database, clock: TurnedClock, tmp_path) -> AsyncIterator[httpx2.AsyncClient]:
    private = create_keys(tmp_path)
    url = SecretStr("postgresql://h/d")
    settings = Settings(database_url=url, rabbitmq_url=SecretStr("amqp://h"), keys_dir=tmp_path)
    routers = [router, parked_router(messaging)]
    app = create_app("points", database=database, clock=clock, settings=settings, routers=routers)
    token = issue(private, ["points:read", "points:write"], timedelta(hours=1), "tests")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://points",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client
