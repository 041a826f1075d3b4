"""A database with the schema of channels, emptied between tests; a real SMTP server that does as told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_network
from uuid import UUID

import httpx2
import pytest
from aiosmtpd.smtp import SMTP
from canvass_channels.api import equip, router
from canvass_channels.consumers import consumers
from canvass_channels.settings import Settings
from canvass_channels.store import definitions
from canvass_channels.store.definitions import Destination, Sender, Template
from canvass_channels.tables import deliveries, messaging, metadata
from canvass_channels.timers import timers
from canvass_channels.use_cases import defining
from canvass_channels.use_cases.sending import Sending
from canvass_channels.use_cases.tools import Tools, tools_of
from canvass_messaging import failpoints
from canvass_messaging.hearing import Hearing
from canvass_messaging.isolation import directly
from canvass_runtime.app import create_app
from canvass_runtime.clock import TurnedClock
from canvass_runtime.db import Database
from canvass_runtime.links import Links
from canvass_runtime.migrations import migrate
from canvass_runtime.scopes import SCOPES
from canvass_runtime.tokens import create_keys, issue
from canvass_schemas.campaigns import MessageWanted, MessageWantedData
from canvass_schemas.catalogue import by_type
from canvass_schemas.ids import derived
from canvass_schemas.tracking import ContactChanged, ContactChangedData
from canvass_schemas.wire import parse
from pydantic import SecretStr
from sqlalchemy import event, func, select, text, update

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ANN, BOB, CAT = UUID(int=1), UUID(int=2), UUID(int=3)
TEMPLATE = {
    "channel": "email",
    "name": "Welcome",
    "sender": None,
    "subject": "Hello {{ contact.name }}",
    "text": "Hello {{ contact.name }},\nwelcome.\n",
    "html": "<p>Hello {{ contact.name }}</p>",
}


def contact(contact_id, revision=1, email="", phone=None, tags=(), **attributes):
    data = ContactChangedData(
        revision=revision,
        email=(email or f"{contact_id.int}@example.com") if email is not None else None,
        phone=phone,
        tags=list(tags),
        attributes={"name": "Ann"} | attributes,
        created_at=NOON,
    )
    return ContactChanged.of(data, subject=contact_id, time=NOON)


def wanted(contact_id=ANN, message_class="marketing", step="welcome", **changes):
    return MessageWanted.of(
        MessageWantedData(**_wanted(contact_id, message_class, step) | changes), subject=contact_id, time=NOON
    )


def _wanted(contact_id, message_class, step):
    return {
        "effect_id": derived(contact_id, step),
        "channel": "email",
        "template": "welcome",
        "campaign": "hot-leads",
        "version": 1,
        "journey_id": derived("journey", contact_id),
        "step": step,
        "visit": 1,
        "message_class": message_class,
        "contact_revision": 1,
    }


@pytest.fixture(scope="session")
def schema(database_url: str) -> str:
    migrate(database_url, "canvass_channels", "channels")
    return database_url


@pytest.fixture
async def database(schema: str) -> AsyncIterator[Database]:
    database = Database(schema, application_name="tests", pool_size=8)
    yield database
    failpoints.arm("")
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
            return list(tx.outgoing)

    return hear


@pytest.fixture
def said(database: Database):
    """What was said, and forgotten with it."""

    async def said(*types):
        async with database.transaction() as tx:
            rows = await tx.all(select(messaging.outbox).order_by(messaging.outbox.c.id))
            await tx.execute(messaging.outbox.delete())
        facts = [fact for row in rows for fact in parse(by_type(row.type), row.body)]
        return [fact for fact in facts if isinstance(fact, types)] if types else facts

    return said


@pytest.fixture
def ledger(database: Database):
    """The rows of the ledger, in the order of their effects' contacts and steps."""

    async def ledger():
        async with database.transaction() as tx:
            return await tx.all(select(deliveries).order_by(deliveries.c.contact_id, deliveries.c.step))

    return ledger


@pytest.fixture
def let_pass(database: Database):
    """As if all that is planned, claimed or attempted had been so for a while."""

    async def let_pass(time=timedelta(hours=1)):
        async with database.transaction() as tx:
            await tx.execute(
                update(deliveries).values(
                    due_at=deliveries.c.due_at - time,
                    lease_until=deliveries.c.lease_until - time,
                    planned_at=deliveries.c.planned_at - time,
                )
            )

    return let_pass


@pytest.fixture
def count(database: Database):
    async def count(condition):
        async with database.transaction() as tx:
            return await tx.scalar(select(func.count()).select_from(deliveries).where(condition))

    return count


@pytest.fixture
def statements(database: Database):
    """The statements sent since the list was last cleared."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_):
        sent.append(statement)

    event.listen(database._engine.sync_engine, "before_cursor_execute", note)
    return sent


@dataclass
class Mails:
    """An SMTP server's memory. `script` answers at a stage instead of it: a text, or `cut`, in turns."""

    port: int = 0
    received: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    script: dict[str, list[str]] = field(default_factory=dict)
    sessions: int = 0
    most: int = 100
    """Sessions at once."""
    slow: asyncio.Event | None = None
    """Until then no message is answered."""
    arrivals: asyncio.Queue[None] = field(default_factory=asyncio.Queue)
    """One thing for every message that has come, answered or not."""

    @property
    def messages(self):
        return [message_from_bytes(body, policy=policy.default) for body in self.received]

    def _next(self, stage, server):
        answers = self.script.get(stage)
        if not answers:
            return None
        answer = answers.pop(0)
        if answer == "cut":
            server.transport.abort()
        return answer

    async def handle_EHLO(self, _server, session, _envelope, hostname, responses):  # noqa: N802
        if self.sessions >= self.most:
            return ["421 too many connections"]
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, _session, envelope, address, options):  # noqa: N802
        if answer := self._next("MAIL", server):
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, _session, envelope, address, _options):  # noqa: N802
        if answer := self._next("RCPT", server):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        self.arrivals.put_nowait(None)
        if self.slow:
            await self.slow.wait()
        answer = self._next("DATA", server)
        if answer is None or answer == "cut":
            self.received.append(envelope.original_content)
            self.recipients.extend(envelope.rcpt_tos)
        return answer or "250 OK queued as 4F2A"


@pytest.fixture
async def mails() -> AsyncIterator[Mails]:
    mails = Mails()
    protocols: list[SMTP] = []

    def protocol() -> SMTP:
        protocols.append(SMTP(mails, hostname="sink", enable_SMTPUTF8=False))
        return protocols[-1]

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    mails.port = server.sockets[0].getsockname()[1]
    yield mails
    if mails.slow:
        mails.slow.set()
    server.close()
    for one in protocols:
        if one.transport:
            one.transport.abort()
        if one._handler_coroutine:
            await asyncio.gather(one._handler_coroutine, return_exceptions=True)


@dataclass
class Receiver:
    """An HTTP server's memory. `script` answers in turns: a status, or with headers and a body, or `cut`."""

    port: int = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    script: list[object] = field(default_factory=list)
    slow: asyncio.Event | None = None
    """Until then no request is answered."""
    arrivals: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *lines = head.decode().strip().split("\r\n")
                headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.requests.append((line, headers, body))
                self.arrivals.put_nowait(None)
                if self.slow:
                    await self.slow.wait()
                answer = self.script.pop(0) if self.script else 200
                if answer == "cut":
                    return
                status, more, said = answer if isinstance(answer, tuple) else (answer, {}, b"{}")
                told = {"Content-Length": len(said)} | more
                head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
                writer.write(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + said)
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    tasks = set()

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())
        await receiver.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def settings(tmp_path) -> Settings:
    create_keys(tmp_path / "keys")
    url = SecretStr("postgresql://h/d")
    return Settings(
        database_url=url,
        rabbitmq_url=SecretStr("amqp://h"),
        keys_dir=tmp_path / "keys",
        link_secret=SecretStr("a secret of these tests"),
        answer_seconds=5,
        attempt_seconds=10,
        call_seconds=5,
        allow_private_addresses=(ip_network("127.0.0.0/8"),),
    )


@pytest.fixture
async def tools(settings: Settings) -> AsyncIterator[Tools]:
    """Whose processes that render live as long as one test."""
    tools = tools_of(settings)
    yield tools
    await tools.close()


@pytest.fixture
def define(put, put_sender, mails: Mails):
    """Define the template and the sender, or others of them."""

    async def define(connections=2, port=0, **changes):
        await put(**changes)
        url = f"smtp://127.0.0.1:{port or mails.port}"
        await put_sender(url=url, from_address="Canvass <hello@example.com>", connections=connections)

    return define


@pytest.fixture
def put(database: Database):
    """Define a template, or define it anew."""

    async def put(key="welcome", **changes):
        async with database.transaction() as tx:
            current = await definitions.read(tx, Template, key)
            await defining.put_template(tx, key, current, TEMPLATE | changes)

    return put


@pytest.fixture
def put_sender(database: Database, tools: Tools):
    """Define a sender, or define it anew."""

    async def put_sender(key="default", **values):
        values = {"kind": "smtp", "url": None, "account": None, "token": None, "connections": 2} | values
        async with database.transaction() as tx:
            current = await definitions.read(tx, Sender, key)
            await defining.put_sender(tx, key, current, values, tools.reach)

    return put_sender


@pytest.fixture
def put_destination(database: Database, tools: Tools):
    """Define a destination, or define it anew."""

    async def put_destination(key, **values):
        empty = {"url": None, "secret": None, "recipients": [], "subject": None, "text": None}
        async with database.transaction() as tx:
            current = await definitions.read(tx, Destination, key)
            return await defining.put_destination(tx, key, current, empty | values, tools.reach)

    return put_destination


@pytest.fixture
async def make_sending(database: Database, settings: Settings, clock: TurnedClock, tools: Tools):
    """Makes what a process sends with; each has its own connections."""
    made: list[Sending] = []

    def make() -> Sending:
        made.append(Sending(settings, clock, tools.press, tools.caller))
        return made[-1]

    yield make
    for one in made:
        await one.close()


@pytest.fixture
def send(database: Database, make_sending: Callable[[], Sending]):
    """Send all that is due."""
    sending = make_sending()

    async def send():
        return await sending.run(database)

    return send


@pytest.fixture
def take_back(database: Database, settings: Settings, clock: TurnedClock, tools: Tools):
    """Take back what lapsed."""
    _, lapsed, _ = timers(settings, clock, tools)

    async def take_back():
        return await lapsed.run(database, clock.now())

    return take_back


@pytest.fixture
async def client(database: Database, clock: TurnedClock, settings: Settings, tools: Tools):
    app = create_app("channels", database=database, clock=clock, settings=settings, routers=[router])
    equip(app, tools, Links.of(settings.link_secret))
    (private,) = settings.keys_dir.glob("*.private.pem")
    token = issue(private, SCOPES, timedelta(hours=1), "tests")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="http://channels",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client
