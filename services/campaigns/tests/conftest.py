"""A database with the schema of campaigns, emptied between tests; facts heard and said in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from canvass_campaigns.api import router
from canvass_campaigns.consumers import consumers
from canvass_campaigns.settings import Settings
from canvass_campaigns.store.definitions import forget_campaigns
from canvass_campaigns.store.listening import forget_listening
from canvass_campaigns.tables import messaging, metadata, partitioned
from canvass_campaigns.use_cases import defining
from canvass_messaging.hearing import Hearing
from canvass_messaging.isolation import directly
from canvass_runtime.app import create_app
from canvass_runtime.clock import TurnedClock
from canvass_runtime.db import Database
from canvass_runtime.migrations import migrate
from canvass_runtime.partitions import ensure
from canvass_runtime.tokens import create_keys, issue
from canvass_schemas.catalogue import by_type
from canvass_schemas.segments import ContactEntered, ContactLeft, MembershipData
from canvass_schemas.tracking import ContactChanged, ContactChangedData
from canvass_schemas.wire import parse
from pydantic import SecretStr
from sqlalchemy import event, select, text

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ANN, BOB, CAT = UUID(int=1), UUID(int=2), UUID(int=3)
EMAIL = {"do": "send_email", "template": "welcome", "class": "marketing"}
DOCUMENT = {"name": "Hot leads", "sources": [{"segment": "hot"}], "steps": {"welcome": EMAIL}}


def entered(contact_id, revision=1, segment="hot", at=NOON, contact_revision=0, **envelope):
    data = MembershipData(segment=segment, revision=revision, contact_revision=contact_revision)
    return ContactEntered.of(data, subject=contact_id, time=at).model_copy(update=envelope)


def left(contact_id, revision=2, segment="hot"):
    return ContactLeft.of(MembershipData(segment=segment, revision=revision), subject=contact_id, time=NOON)


def changed(contact_id, revision=1):
    data = ContactChangedData(revision=revision, created_at=NOON)
    return ContactChanged.of(data, subject=contact_id, time=NOON)


@pytest.fixture(scope="session")
def schema(database_url: str) -> str:
    migrate(database_url, "canvass_campaigns", "campaigns")
    return database_url


@pytest.fixture
async def database(schema: str) -> AsyncIterator[Database]:
    database = Database(schema, application_name="tests", pool_size=5)
    forget_campaigns()
    forget_listening()
    async with database.transaction() as tx:
        await ensure(tx, partitioned, NOON.date())
    yield database
    async with database.transaction() as tx:
        tables = ", ".join(str(table) for table in metadata.sorted_tables)
        await tx.execute(text(f"TRUNCATE {tables}"))
    await database.dispose()


@pytest.fixture
def hear(database: Database):
    """Let facts take effect in one transaction, as the worker does."""

    async def hear(*facts, lane="live"):
        async with database.transaction(lane) as tx:
            await Hearing(consumers, messaging, tx, NOON, directly, patient=True).hear(facts)

    return hear


@pytest.fixture
def said(database: Database):
    """What was said, in the order of types asked for, and forgotten with it."""

    async def said(*types):
        async with database.transaction() as tx:
            rows = await tx.all(select(messaging.outbox).order_by(messaging.outbox.c.id))
            await tx.execute(messaging.outbox.delete())
        facts = [fact for row in rows for fact in parse(by_type(row.type), row.body)]
        return [fact for fact in facts if isinstance(fact, types)] if types else facts

    return said


@pytest.fixture
def rows_of(database: Database):
    async def rows_of(table, *order):
        async with database.transaction() as tx:
            return await tx.all(select(table).order_by(*order))

    return rows_of


@pytest.fixture
def statements(database: Database):
    """The statements sent since the list was last cleared."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    return sent


@pytest.fixture
def publish(database: Database):
    """Put a document in force; returns its version."""

    async def publish(key="hot-leads", **changes):
        async with database.transaction() as tx:
            document = DOCUMENT | changes
            put = defining.replace_draft if await defining.find_definition(tx, key) else defining.create_draft
            await put(tx, key, document)
            return (await defining.publish(tx, key)).version

    return publish


@pytest.fixture
async def client(database: Database, clock: TurnedClock, tmp_path) -> AsyncIterator[httpx2.AsyncClient]:
    private = create_keys(tmp_path)
    url = SecretStr("postgresql://h/d")
    settings = Settings(database_url=url, rabbitmq_url=SecretStr("amqp://h"), keys_dir=tmp_path)
    app = create_app("campaigns", database=database, clock=clock, settings=settings, routers=[router])
    scopes = ["campaigns:read", "campaigns:write", "campaigns:publish"]
    token = issue(private, scopes, timedelta(hours=1), "tests")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://campaigns",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client
