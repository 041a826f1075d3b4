"""Two of the services, played: `python -m tests.chaos.messaging.players tracking|segments <command>`.

Process, relay, workers and timers are the real ones. `tracking` says what lies in its table `todo`;
`segments` notes in `effects`, which nothing keeps unique, what it hears, and says something of its own about
each view.
"""

import os
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from canvass_messaging import connection, retries, set_aside, timers, worker
from canvass_messaging.consumers import Consumers, Unworkable
from canvass_messaging.outbox import say
from canvass_messaging.process import Process
from canvass_messaging.service import Composition, Service
from canvass_messaging.tables import MessagingTables
from canvass_messaging.timers import Timer
from canvass_runtime.db import Database, Tx
from canvass_runtime.rows import rows
from canvass_runtime.settings import ServiceSettings
from canvass_schemas.catalogue import by_type, heard_by
from canvass_schemas.ids import derived
from canvass_schemas.segments import ContactEntered, MembershipData
from canvass_schemas.tracking import ContactChanged, ContactMerged, PageViewed
from canvass_schemas.wire import parse
from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

if TYPE_CHECKING:
    from fastapi import FastAPI

MESSAGES_AT_ONCE = 5


class Sick(Exception):
    """The event cannot be taken yet."""


class Tables:
    """What every service has."""

    def __init__(self, schema: str) -> None:
        self.metadata = MetaData(schema=schema)
        self.messaging = MessagingTables(self.metadata)
        self.contacts = Table(
            "contacts",
            self.metadata,
            Column("contact_id", Uuid, primary_key=True),
            Column("revision", BigInteger, nullable=False, server_default="0"),
            Column("merged_into", Uuid, index=True),
        )


tracking = Tables("tracking")
todo = Table(
    "todo",
    tracking.metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("type", Text),
    Column("lane", Text),
    Column("body", LargeBinary),
)

segments = Tables("segments")
effects = Table(
    "effects", segments.metadata, Column("event_id", Uuid), Column("type", Text), Column("contact_id", Uuid)
)
views = Table(
    "views", segments.metadata, Column("contact_id", Uuid, primary_key=True), Column("number", Integer)
)

consumers = Consumers("segments", contacts=segments.contacts)


@consumers.on(PageViewed)
async def page_viewed(tx: Tx, events: Sequence[PageViewed]) -> None:
    for event in events:
        if event.data.properties.get("poison"):
            raise Unworkable("it is poisonous")
        if event.data.properties.get("sick"):
            _tend(event, alone=len(events) == 1)
    await _note(tx, events)
    await _add(tx, Counter(event.subject for event in events))
    await say(tx, segments.messaging.outbox, [_entered(event) for event in events])


async def noted(tx: Tx, events: Sequence[Any]) -> None:
    await _note(tx, events)


for other in set(heard_by("segments")) - {PageViewed, ContactChanged, ContactMerged}:
    consumers.on(other)(noted)


@consumers.on(ContactChanged)
async def contact_changed(tx: Tx, events: Sequence[ContactChanged]) -> None:
    columns = {"contact_id": Uuid(), "revision": BigInteger()}
    new = rows("new", columns, [(event.subject, event.revision) for event in events])
    contacts = segments.contacts
    older = (contacts.c.contact_id == new.c.contact_id) & (contacts.c.revision < new.c.revision)
    await tx.execute(update(contacts).where(older).values(revision=new.c.revision))


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    into = {event.subject: event.data.into for event in events}
    gone = (
        delete(views).where(views.c.contact_id.in_(list(into))).returning(views.c.contact_id, views.c.number)
    )
    numbers: Counter[Any] = Counter()
    for loser, number in await tx.all(gone):
        numbers[into[loser]] += number
    await _add(tx, numbers)


_tended: Counter[UUID] = Counter()


def _tend(event: PageViewed, *, alone: bool) -> None:
    """In each process it takes two attempts alone before it can be taken: so it is set aside, and fed."""
    _tended[event.id] += alone
    if not alone or _tended[event.id] < 3:
        raise Sick


async def _note(tx: Tx, events: Sequence[Any]) -> None:
    columns = {"event_id": Uuid(), "type": Text(), "contact_id": Uuid()}
    given = rows("noted", columns, [(event.id, event.type, event.subject) for event in events])
    await tx.execute(insert(effects).from_select(list(columns), select(given)))


async def _add(tx: Tx, numbers: Counter[Any]) -> None:
    given = rows("more", {"contact_id": Uuid(), "number": Integer()}, sorted(numbers.items()))
    adding = upsert(views).from_select(["contact_id", "number"], select(given))
    more = views.c.number + adding.excluded.number
    await tx.execute(adding.on_conflict_do_update(index_elements=["contact_id"], set_={"number": more}))


def _entered(event: PageViewed) -> ContactEntered:
    data = MembershipData(segment=str(event.id), revision=1)
    id_ = derived("entered", event.id)
    return ContactEntered.of(data, subject=event.subject, time=event.time, cause=event, id=id_)


async def say_todo(database: Database, _: datetime) -> int:
    """Say some of what is to be said, a transaction a message."""
    said = 0
    for _ in range(MESSAGES_AT_ONCE):
        async with database.transaction() as tx:
            first = select(todo.c.id).order_by(todo.c.id).limit(1).with_for_update(skip_locked=True)
            taken = delete(todo).where(todo.c.id == first.scalar_subquery())
            for row in await tx.all(taken.returning(todo.c.type, todo.c.lane, todo.c.body)):
                tx.lane = row.lane
                await say(tx, tracking.messaging.outbox, parse(by_type(row.type), row.body))
                said += 1
    return said


def todo_timer(_: Composition[Any]) -> list[Timer]:
    return [Timer("todo", lambda _: select(literal(0.0)).where(select(todo.c.id).exists()), say_todo)]


class TrackingSettings(ServiceSettings):
    service: ClassVar[str] = "tracking"


class SegmentsSettings(ServiceSettings):
    service: ClassVar[str] = "segments"


def no_api(_: Composition[Any], __: Process) -> "FastAPI":
    from fastapi import FastAPI  # noqa: PLC0415 - only a process with HTTP loads it

    return FastAPI(openapi_url=None)


def no_timers(_: Composition[Any]) -> list[Timer]:
    return []


SERVICES: dict[str, Service[Any]] = {
    "tracking": Service(
        settings=TrackingSettings,
        metadata=tracking.metadata,
        messaging=tracking.messaging,
        consumers=Consumers("tracking", contacts=tracking.contacts),
        api=no_api,
        timers=todo_timer,
    ),
    "segments": Service(
        settings=SegmentsSettings,
        metadata=segments.metadata,
        messaging=segments.messaging,
        consumers=consumers,
        api=no_api,
        timers=no_timers,
    ),
}


def hurry() -> None:
    """Wait less long than in earnest, where only the waiting would be longer."""
    set_aside.LEASE = timedelta(seconds=2)
    retries.LADDER = (timedelta(seconds=0.3),) * 20  # what is sick may fail twice in each of the processes
    if give_up := os.environ.get("CHAOS_GIVE_UP_SECONDS"):
        connection.GIVE_UP_AFTER_SECONDS = float(give_up)
        timers.DATABASE_GIVE_UP_AFTER_SECONDS = worker.DATABASE_GIVE_UP_AFTER_SECONDS = float(give_up)


def play(service: str, arguments: Sequence[str]) -> None:
    """Be `python -m canvass_<service> <arguments>`."""
    hurry()
    SERVICES[service].main(arguments)


if __name__ == "__main__":
    play(sys.argv[1], sys.argv[2:])
