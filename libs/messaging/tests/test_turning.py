"""The present of a service, turned for all of its processes."""

import asyncio
from datetime import datetime, timedelta
from typing import ClassVar

import httpx2
import pytest
from canvass_messaging.operations_api import operations_routers
from canvass_messaging.speaking import Speaker
from canvass_messaging.timers import DatabaseAway, Pulse
from canvass_messaging.turning import TAKEN_UP_WITHIN, SharedClock, shared, turn_all
from canvass_runtime.app import create_app
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database
from canvass_runtime.settings import ServiceSettings
from canvass_runtime.tokens import create_keys, issue
from pydantic import SecretStr, TypeAdapter

FOUR_HOURS, SECOND = timedelta(hours=4), timedelta(seconds=1)


class Settings(ServiceSettings):
    service: ClassVar[str] = "segments"


@pytest.fixture
def process(stage):
    """The clock of one more process of the service."""

    async def begin():
        return await shared(stage.database, stage.messaging.clock, asyncio.Event())

    return begin


@pytest.fixture
def operator(stage, tmp_path):
    """Somebody who operates the service, whose clock may be turned or not."""
    private = create_keys(tmp_path)

    def client(can_turn=True, scopes=("operations:read", "operations:write")):
        settings = Settings(
            database_url=SecretStr(stage.url),
            rabbitmq_url=SecretStr("amqp://x"),
            port=0,
            keys_dir=tmp_path,
            clock_can_turn=can_turn,
        )
        routers = operations_routers(stage.messaging, settings)
        app = create_app(
            "segments", database=stage.database, clock=Clock(), settings=settings, routers=routers
        )
        token = issue(private, scopes, ttl=timedelta(hours=1), name="tests")
        headers = {"Authorization": f"Bearer {token}"}
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://t", headers=headers)

    return client


async def turn(stage, by=FOUR_HOURS):
    async with stage.database.transaction() as tx:
        return await turn_all(tx, stage.messaging.clock, by)


async def ask(stage, clock):
    """What the pulse does once a second."""
    question = clock.question()
    async with stage.database.transaction() as tx:
        answer = await tx.scalar(question.ask())
    await question.answer(answer)


async def test_who_turns_the_clock_is_there_as_soon_as_it_is_committed(stage, process):
    clock = await process()
    assert await turn(stage) == FOUR_HOURS
    assert clock.now() - Clock().now() > FOUR_HOURS - SECOND


async def test_a_turn_that_is_not_committed_turns_nothing(stage, process):
    clock = await process()
    with pytest.raises(ZeroDivisionError):  # noqa: PT012 - a transaction that fails is a block
        async with stage.database.transaction() as tx:
            await turn_all(tx, stage.messaging.clock, FOUR_HOURS)
            raise ZeroDivisionError
    assert clock.offset == (await process()).offset == timedelta()


async def test_other_processes_follow_when_they_next_ask_and_new_ones_begin_there(stage):
    elsewhere = SharedClock(stage.messaging.clock)
    await ask(stage, elsewhere)
    assert elsewhere.offset == timedelta()
    await turn(stage)
    await turn(stage, timedelta(days=3))
    await ask(stage, elsewhere)
    assert elsewhere.offset == timedelta(days=3, hours=4)


async def test_an_answer_from_before_a_turn_takes_nothing_back(stage, process):
    clock = await process()
    await turn(stage)
    async with stage.database.transaction() as tx:
        old = await tx.scalar(clock.question().ask())
    await turn(stage)
    await clock.question().answer(old)
    assert clock.offset == 2 * FOUR_HOURS


async def test_a_process_that_never_reaches_its_database_ends(stage, monkeypatch):
    monkeypatch.setattr("canvass_messaging.turning.DATABASE_GIVE_UP_AFTER_SECONDS", -1)
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none", application_name="tests")
    with pytest.raises(DatabaseAway):
        await shared(nowhere, stage.messaging.clock, asyncio.Event())
    await nowhere.dispose()


class Voice:
    """A publisher that notes what is said."""

    def __init__(self):
        self.said: list[datetime] = []

    async def publish(self, row):
        (event,) = TypeAdapter(list[dict]).validate_json(row.body)
        self.said.append(datetime.fromisoformat(event["data"]["at"]))


async def test_a_speaker_is_silent_around_a_turn_and_then_speaks_of_the_turned_present(stage, process):
    clock, voice = await process(), Voice()
    (question,) = Speaker("segments", stage.messaging.outbox, voice, clock).questions()
    real = Clock().now()
    await question.answer([real, None])
    await question.answer([real + SECOND, None])
    assert len(voice.said) == 1
    await turn(stage)
    await question.answer([real + TAKEN_UP_WITHIN + 9 * SECOND, None])
    assert len(voice.said) == 1
    await question.answer([real + TAKEN_UP_WITHIN + 10 * SECOND, None])
    before, after = voice.said
    assert before <= real
    assert after - before >= FOUR_HOURS


async def test_a_pulse_asks_for_the_clock_with_all_else(stage, process, running, eventually):
    elsewhere = SharedClock(stage.messaging.clock)
    await running(Pulse(stage.database, elsewhere, [], [elsewhere.question()]).run)
    await turn(stage)

    async def followed():
        return elsewhere.offset == FOUR_HOURS

    await eventually(followed)


async def test_an_operator_turns_the_clock_and_sees_where_it_is(operator):
    async with operator() as http:
        assert (await http.get("/clock")).json()["turned_by"] == "PT0S"
        turned = (await http.post("/clock", json={"by": "PT4H"})).json()
        assert turned["turned_by"] == "PT4H"
        shown = (await http.get("/clock")).json()
        assert shown["turned_by"] == "PT4H"
        assert datetime.fromisoformat(shown["now"]) - Clock().now() > FOUR_HOURS - SECOND


@pytest.mark.parametrize("by", ["-PT1H", "PT0S", "P400D", "soon", None])
async def test_a_turn_goes_forward_and_not_too_far(operator, by):
    async with operator() as http:
        answer = await http.post("/clock", json={"by": by})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_no_clock_is_turned_out_of_all_bounds(operator):
    async with operator() as http:
        answers = [await http.post("/clock", json={"by": "P366D"}) for _ in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 9 + [409]


async def test_where_it_may_not_be_turned_there_is_no_such_route(operator):
    async with operator(can_turn=False) as http:
        assert (await http.post("/clock", json={"by": "PT4H"})).status_code == 404
        assert (await http.get("/parked")).status_code == 200


async def test_only_who_may_operate_turns_it(operator):
    async with operator(scopes=["operations:read"]) as http:
        assert (await http.post("/clock", json={"by": "PT4H"})).status_code == 403
