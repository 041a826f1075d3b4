"""A database with the schema of segments, emptied between tests; facts heard and said in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import pytest
from canvass_messaging.hearing import Hearing
from canvass_messaging.isolation import directly
from canvass_messaging.parked_api import parked_router
from canvass_runtime import partitions
from canvass_runtime.app import create_app
from canvass_runtime.clock import Clock, TurnedClock
from canvass_runtime.db import Database
from canvass_runtime.migrations import migrate
from canvass_runtime.tokens import create_keys, issue
from canvass_schemas.campaigns import (
    AudienceWanted,
    AudienceWantedData,
    StepMembershipWanted,
    StepMembershipWantedData,
    VerdictWanted,
    VerdictWantedData,
)
from canvass_schemas.catalogue import by_type
from canvass_schemas.points import (
    ScoreChanged,
    ScoreChangedData,
    TriggerMembershipWanted,
    TriggerMembershipWantedData,
)
from canvass_schemas.tracking import (
    ContactChanged,
    ContactChangedData,
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
from canvass_segments.api import router
from canvass_segments.consumers import consumers
from canvass_segments.main import service
from canvass_segments.settings import Settings
from canvass_segments.store.definitions import definitions
from canvass_segments.tables import builds, memberships, messaging, metadata
from canvass_segments.use_cases import building, defining, reviewing
from pydantic import SecretStr
from sqlalchemy import event, func, select, text

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ANN, BOB, CAT = UUID(int=1), UUID(int=2), UUID(int=3)

CANADA = {"field": "country", "operator": "=", "value": "CA"}
PRICES_TWICE = {"behaviour": "page_viewed", "where": {"path": "/pricing"}, "at_least": 2}


def document(*rules, match="all", name="Some"):
    return {"name": name, "rules": {"match": match, "rules": list(rules)}}


def viewed(contact_id, path="/pricing", minute=0, **data):
    page = PageViewedData(contact_known=True, message_id="m", path=path, **data)
    return PageViewed.of(page, subject=contact_id, time=NOON + timedelta(minutes=minute))


def tracked(contact_id, name="Order Completed", minute=0, **data):
    done = EventTrackedData(contact_known=True, message_id="m", name=name, **data)
    return EventTracked.of(done, subject=contact_id, time=NOON + timedelta(minutes=minute))


def submitted(contact_id, form="webinar", minute=0, **data):
    done = FormSubmittedData(contact_known=True, message_id="m", form=form, **data)
    return FormSubmitted.of(done, subject=contact_id, time=NOON + timedelta(minutes=minute))


def opened(contact_id, template="welcome", minute=0, **data):
    done = ReactionData(**_REACTION, channel="email", template=template, **data)
    return EmailOpened.of(done, subject=contact_id, time=NOON + timedelta(minutes=minute))


def clicked(contact_id, url="/x", minute=0, template="welcome", **data):
    done = LinkClickedData(**_REACTION, channel="email", template=template, url=url, **data)
    return LinkClicked.of(done, subject=contact_id, time=NOON + timedelta(minutes=minute))


_REACTION = {"contact_known": True, "message_id": "m", "effect_id": UUID(int=7)}
_STEP = {"campaign": "hot", "version": 1, "journey_id": UUID(int=8), "step": "put", "visit": 1}


def wanted_in(contact_id, segment, member=True, minute=0, by="points"):
    """A trigger or a journey wants a contact in a segment, or out of it."""
    wish = {"effect_id": uuid4(), "segment": segment, "member": member}
    time = NOON + timedelta(minutes=minute)
    if by == "points":
        data = TriggerMembershipWantedData(**wish, trigger="hot")
        return TriggerMembershipWanted.of(data, subject=contact_id, time=time)
    data = StepMembershipWantedData(**wish, **_STEP)
    return StepMembershipWanted.of(data, subject=contact_id, time=time)


def verdict_wanted(contact_id, *rules, match="all", contact_revision=0):
    asked = document(*rules, match=match)["rules"]
    data = VerdictWantedData(**_STEP, effect_id=uuid4(), rules=asked, contact_revision=contact_revision)
    return VerdictWanted.of(data, subject=contact_id, time=NOON)


def audience_wanted(segment, request_id=None):
    data = AudienceWantedData(request_id=request_id or uuid4(), campaign="hot", version=1, segment=segment)
    return AudienceWanted.of(data, time=NOON)


def changed(contact_id, revision=1, user_id=None, email=None, minute=0, phone=None, tags=(), **attributes):
    data = ContactChangedData(
        revision=revision,
        user_id=user_id,
        email=email,
        phone=phone,
        tags=list(tags),
        attributes=attributes,
        created_at=NOON,
    )
    return ContactChanged.of(data, subject=contact_id, time=NOON + timedelta(minutes=minute))


def scored(contact_id, score, revision=1):
    data = ScoreChangedData(revision=revision, score=score, previous=0)
    return ScoreChanged.of(data, subject=contact_id, time=NOON)


def merged(loser, winner, minute=0):
    data = ContactMergedData(into=winner, revision=9)
    return ContactMerged.of(data, subject=loser, time=NOON + timedelta(minutes=minute))


@pytest.fixture(scope="session")
def schema(database_url: str) -> str:
    migrate(database_url, "canvass_segments", "segments")
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
    definitions.forget()
    async with database.transaction() as tx:
        tables = ", ".join(str(table) for table in metadata.sorted_tables)
        await tx.execute(text(f"TRUNCATE {tables}"))


class Still(Clock):
    """A clock that stands still unless a test turns it."""

    def __init__(self) -> None:
        self.present = NOON

    def now(self) -> datetime:
        return self.present

    def turn(self, by: timedelta) -> datetime:
        self.present += by
        return self.present


@pytest.fixture
def present(monkeypatch) -> Still:
    """The present of whoever hears facts, at first noon."""
    still = Still()
    monkeypatch.setattr(consumers, "clock", still)
    return still


@pytest.fixture
def review(database: Database, present: Still):
    """Judge everybody whose time has come."""

    async def review():
        while await reviewing.review(database, present.now()):
            pass

    return review


@pytest.fixture
def hear(database: Database, present: Still):
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
def define(database: Database, present: Still):
    """Put a segment, and have everybody judged by it unless told otherwise."""

    async def define(key, *rules, match="all", build=True):
        async with database.transaction() as tx:
            known = await defining.find(tx, key)
            what = document(*rules, match=match)
            if known is None:
                await defining.create(tx, key, what)
            else:
                await defining.replace(tx, known, what)
        if build:
            await build_all(database, present.now())

    return define


async def build_all(database: Database, now: datetime = NOON) -> None:
    """Work on builds until there are none, without waiting for the moments at which they are due."""
    while True:
        await building.build(database, now)
        async with database.transaction() as tx:
            if not await tx.scalar(select(func.count()).select_from(builds)):
                return
            await tx.execute(builds.update().values(held_until=func.now()))


@pytest.fixture
def members(database: Database):
    """Who is in which segment."""

    async def members():
        query = select(memberships.c.contact_id, memberships.c.segment).where(memberships.c.member)
        async with database.transaction() as tx:
            return {(row.contact_id, row.segment) for row in await tx.all(query)}

    return members


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
    app = create_app("segments", database=database, clock=clock, settings=settings, routers=routers)
    token = issue(private, ["segments:read", "segments:write"], timedelta(hours=1), "tests")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://segments",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client
