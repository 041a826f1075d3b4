"""Channels are killed at every point of a send: each is accounted for, and no marketing mail goes twice."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

import asyncpg
import httpx2
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from canvass_cli.demo.definitions import put
from canvass_cli.demo.watching import until
from canvass_runtime.testing import fresh_database, fresh_vhost

from tests.installation import KILLED, Installation, free_port
from tests.main_job import CAMPAIGN, CAMPAIGN_DOCUMENT, PATH, SENDER, define

pytestmark = pytest.mark.chaos

CONTACTS = 20
IN_FLIGHT = 10
WITHIN_SECONDS = 60
LEASES = {
    "CHANNELS_ANSWER_SECONDS": "2",
    "CHANNELS_CALL_SECONDS": "2",
    "CHANNELS_CLAIM_SECONDS": "3",
    "CHANNELS_ATTEMPT_SECONDS": "3",
}
POINTS = (
    "deliveries.after_claim",
    "deliveries.attempting",
    "deliveries.after_answer",
    "deliveries.before_settle",
    "deliveries.after_settle",
)


class Sink:
    """An SMTP server that counts what each address gets, and is as slow over its answers as it is told."""

    def __init__(self) -> None:
        self.mails: Counter[str] = Counter()
        self.seconds = 0.0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.update(envelope.rcpt_tos)
        await asyncio.sleep(self.seconds)
        return "250 kept"


@dataclass
class World:
    """The services, the database below them, and the mail server behind them."""

    services: Installation
    database_url: str
    sink: Sink
    smtp_url: str

    async def read(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database_url)
        try:
            return await connection.fetch(query, *arguments)
        finally:
            await connection.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    sink, port = Sink(), free_port()
    smtp = Controller(sink, hostname="127.0.0.1", port=port)
    smtp.start()
    try:
        with (
            fresh_database(os.environ["CANVASS_TEST_DATABASE_URL"]) as database_url,
            fresh_vhost() as rabbitmq_url,
            Installation(database_url, rabbitmq_url, tmp_path_factory.mktemp("sends")) as services,
        ):
            smtp_url = f"smtp://127.0.0.1:{port}"
            define(services.addresses(), smtp_url)
            yield World(services, database_url, sink, smtp_url)
    finally:
        smtp.stop()


@pytest.fixture(autouse=True)
async def channels_anew(world: World) -> AsyncIterator[None]:
    """Whatever a test did to channels, the next begins with it running."""
    yield
    if world.services.is_running("channels"):
        world.services.stop("channels")
    world.services.start("channels", environment=LEASES)


@pytest.mark.parametrize("message_class", ["marketing", "transactional"])
@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_at_any_point_of_a_send_loses_nothing(world: World, point: str, message_class: str):
    publish(world.services, message_class)
    world.services.stop("channels")
    world.services.start("channels", environment=LEASES | {"CANVASS_FAILPOINTS": f"{point}=kill"})
    began = await world.read("SELECT now() AS at")
    addresses = enter(world.services)
    assert world.services.wait_until_dead("channels") == KILLED, f"{point} was never passed"

    world.services.start("channels", environment=LEASES)
    states = await settled(world, began[0]["at"])

    assert len(states) == CONTACTS
    assert set(states) <= ({"accepted", "unknown"} if message_class == "marketing" else {"accepted"})
    got = [world.sink.mails[address] for address in addresses]
    if message_class == "marketing":
        assert max(got) == 1
        assert sum(got) >= states.count("accepted")
        assert states.count("unknown") <= CONTACTS // 2, "more in doubt than can have been under way"
    else:
        assert min(got) >= 1
    if point == "deliveries.after_claim":
        assert (got, states) == ([1] * CONTACTS, ["accepted"] * CONTACTS)
    assert not await idle_in_transaction(world)


async def test_a_kill_with_ten_sends_in_flight_to_a_slow_sink_leaves_none_stuck(world: World):
    publish(world.services, "marketing")
    in_ten_connections(world)
    world.services.stop("channels")
    world.services.start("channels", environment=LEASES)
    world.sink.seconds = 1.5
    began = await world.read("SELECT now() AS at")
    addresses = enter(world.services)
    assert await until(lambda: sum(world.sink.mails[one] for one in addresses) >= IN_FLIGHT, WITHIN_SECONDS)
    in_flight = await world.read("SELECT effect_id FROM channels.deliveries WHERE state = 'attempting'")
    world.services.kill("channels")
    world.sink.seconds = 0.0

    world.services.start("channels", environment=LEASES)
    states = Counter(await settled(world, began[0]["at"]))

    assert states["accepted"] + states["unknown"] == CONTACTS, states
    assert IN_FLIGHT <= len(in_flight) == states["unknown"] < CONTACTS
    assert {world.sink.mails[one] for one in addresses} == {1}


def in_ten_connections(world: World) -> None:
    """Before anything is sent: so many messages are under way at once."""
    with world.services.http() as http:
        sender = {"kind": "smtp", "url": world.smtp_url, "from": "Canvass <hello@example.com>"}
        put(http, f"{world.services.url('channels')}/senders/{SENDER}", sender | {"connections": IN_FLIGHT})


def publish(services: Installation, message_class: str) -> None:
    steps = {"welcome": CAMPAIGN_DOCUMENT["steps"]["welcome"] | {"class": message_class}}
    with services.http() as http:
        url = f"{services.url('campaigns')}/campaigns/{CAMPAIGN}"
        put(http, url, CAMPAIGN_DOCUMENT | {"steps": steps})
        http.post(f"{url}/publish").raise_for_status()


def enter(services: Installation) -> list[str]:
    """Many contacts do at once what lets them enter; returns their addresses."""
    visitors = [f"kill-{uuid4().hex[:10]}" for _ in range(CONTACTS)]
    batch = [event for visitor in visitors for event in visit_of(visitor)]
    answer = httpx2.post(
        f"{services.url('tracking')}/v1/batch", json={"batch": batch}, auth=(services.write_key, "")
    )
    assert answer.json() == {"success": True}
    return [f"{visitor}@example.com" for visitor in visitors]


def visit_of(visitor: str) -> list[dict[str, object]]:
    traits = {"email": f"{visitor}@example.com", "country": "CA", "first_name": "Ada"}
    page = {"type": "page", "userId": visitor, "properties": {"path": PATH}}
    return [{"type": "identify", "userId": visitor, "traits": traits}, page, page]


async def settled(world: World, since: object) -> list[str]:
    """The states of the deliveries since a time, once every journey of theirs has ended."""
    deadline = monotonic() + WITHIN_SECONDS
    while monotonic() < deadline:
        (journeys,) = await world.read(
            "SELECT count(*) AS begun, count(ended_at) AS ended FROM campaigns.journeys WHERE began_at >= $1",
            since,
        )
        if journeys["begun"] == journeys["ended"] == CONTACTS:
            rows = await world.read("SELECT state FROM channels.deliveries WHERE planned_at >= $1", since)
            return [row["state"] for row in rows]
        await until(lambda: False, 0.1)
    raise AssertionError(f"{dict(journeys)} journeys of {CONTACTS}\n{world.services.log()}")


async def idle_in_transaction(world: World) -> list[asyncpg.Record]:
    return await world.read(
        "SELECT application_name FROM pg_stat_activity"
        " WHERE state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds'"
    )
