"""The service as a process of its own: migrated, started, killed."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import asynccontextmanager

import httpx2
import pytest
from sqlalchemy import text

from .conftest import KEY

EVENT = {"anonymousId": "a", "event": "Bought", "messageId": "m", "timestamp": "2026-12-01", "writeKey": KEY}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@asynccontextmanager
async def running(command, **environment):
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "canvass_tracking",
        command,
        env=os.environ | {"TRACKING_PORT": str(port)} | environment,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield process, client
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def until_ready(client) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.05)


@pytest.fixture
def environment(database, schema, vhost):
    secret = "a secret of these tests"
    return {"DATABASE_URL": schema, "RABBITMQ_URL": vhost, "CANVASS_LINK_SECRET": secret}


async def rows(database, table) -> int:
    async with database.transaction() as tx:
        return await tx.scalar(text(f"SELECT count(*) FROM tracking.{table}"))


@pytest.mark.chaos
@pytest.mark.parametrize(
    ("failpoint", "kept"),
    [
        pytest.param("outbox.before_commit", 0, id="before the commit"),
        pytest.param("relay.after_commit", 1, id="after the commit, before it is published"),
    ],
)
async def test_a_process_that_is_killed_has_answered_nothing_that_is_not_kept(
    database, environment, failpoint, kept
):
    async with running("api", **environment, CANVASS_FAILPOINTS=f"{failpoint}=kill") as (process, client):
        await until_ready(client)
        with pytest.raises(httpx2.TransportError):
            await client.post("/v1/track", json=EVENT)
        assert await process.wait() == -signal.SIGKILL
    assert (await rows(database, "messages"), await rows(database, "outbox")) == (kept, kept)
    async with running("api", **environment) as (process, client):
        await until_ready(client)
        assert (await client.post("/v1/track", json=EVENT)).json() == {"success": True}
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert await rows(database, "messages") == 1


async def test_the_service_is_served_whole_and_ends_when_it_is_told(database, environment):
    async with running("migrate", **environment) as (process, _):
        assert await process.wait() == 0
    async with running("serve", **environment) as (process, client):
        await until_ready(client)
        assert (await client.post("/v1/track", json=EVENT)).json() == {"success": True}
        assert (await client.get("/metrics")).text.count("canvass_ingest_events_total 1.0") == 1
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
