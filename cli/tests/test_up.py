"""A whole stack on real PostgreSQL and RabbitMQ, with stand-ins for the services."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import asyncpg
import httpx2
import psutil
import pytest
from canvass_cli import down, environment, programs, stack, up, waiting
from canvass_cli.trouble import Trouble

HERE = Path(__file__).parent
NAMES = ("tracking", "segments")


@pytest.fixture
def planned(places, monkeypatch):
    for name in ("DATABASE_URL", "RABBITMQ_URL"):
        monkeypatch.delenv(name, raising=False)
    return lambda **told: _with_stand_ins(stack.planned(places), told)


def _with_stand_ins(planned, told):
    stand_ins = [
        replace(
            service,
            module="stand_in",
            environment={**service.environment, "PYTHONPATH": str(HERE), "STAND_IN": service.name, **told},
        )
        for service in planned.services
        if service.name in NAMES
    ]
    return replace(planned, services=stand_ins)


def pids(planned):
    return {one.name: int(programs.pid_file(planned.places, one).read_text()) for one in planned.programs}


def everything_of(planned):
    """Every process of the stack, down to the last grandchild; epmd and supervisord too."""
    daemon = psutil.Process(int(programs.daemon_pid_file(planned.places).read_text()))
    return [daemon, *daemon.children(recursive=True)]


async def refused(url, statement):
    connection = await asyncpg.connect(url)
    try:
        with suppress(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
            return False
        return True
    finally:
        await connection.close()


def test_from_nothing_to_running_and_back_and_again(places, planned, capsys):
    first = planned()
    up.start(first)
    told = environment.read(places.environment)
    assert told["TRACKING_URL"] == first.services[0].url
    assert told["CANVASS_WRITE_KEY"] == "wk_stand_in"
    assert not any(secret in capsys.readouterr().out for secret in (first.database_url, first.rabbitmq_url))

    before = pids(first)
    up.start(planned())
    assert pids(first) == before
    assert "running and well" in capsys.readouterr().out

    waiting.until(lambda: first.supervisor.states()["segments"] == "RUNNING", 10, "segments does not run")
    httpx2.delete(f"{first.services[1].url}/readyz", trust_env=False)  # it runs, and says that it is not well
    up.start(planned())
    after = pids(first)
    assert {name for name in after if after[name] != before[name]} == {"segments"}

    asyncio.run(_keeps_apart(first))
    family = everything_of(first)
    assert down.down(places)
    assert not any(process.is_running() for process in family)
    assert not down.down(places)

    again = planned()
    up.start(again)
    assert again.database_url == first.database_url
    assert asyncio.run(_kept(again)) == 1


async def _keeps_apart(planned):
    tracking, segments = (service.database_url for service in planned.services)
    connection = await asyncpg.connect(tracking)
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS x")
    await connection.close()
    assert await refused(segments, "SELECT * FROM tracking.kept")
    assert await refused(segments, "CREATE TABLE public.x ()")
    assert await refused(segments, "CREATE SCHEMA x")


async def _kept(planned):
    connection = await asyncpg.connect(planned.services[0].database_url)
    try:
        return await connection.fetchval("SELECT x FROM tracking.kept")
    finally:
        await connection.close()


def test_a_service_that_cannot_migrate_says_why(planned):
    broken = planned(STAND_IN_BROKEN="no such table")
    with pytest.raises(Trouble, match="no such table"):
        up.migrate(broken)
