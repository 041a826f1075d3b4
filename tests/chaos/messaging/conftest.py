"""Servers that may be killed, a house in them, and somebody who watches for idle transactions."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from unittest import mock

import pytest
import pytest_asyncio
from canvass_runtime.db import Database, is_transient
from canvass_runtime.testing import MANAGEMENT, RABBITMQ, fresh_database, fresh_vhost

from tests.chaos.messaging.house import House, idle_for_long
from tests.chaos.messaging.servers import PrivateServers, private_servers


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateServers]:
    with private_servers(tmp_path_factory.mktemp("chaos") / "run") as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(servers: PrivateServers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A database and a vhost of the module's own. No transaction in it may ever idle for five seconds."""
    private = {RABBITMQ: servers.amqp_url, MANAGEMENT: servers.management_url}
    with (
        mock.patch.dict(os.environ, private),
        fresh_database(servers.postgres_url) as database_url,
        fresh_vhost() as amqp_url,
    ):
        house = House(database_url, amqp_url, tmp_path_factory.mktemp("logs"))
        await house.begin()
        idle: set[str] = set()
        watching = asyncio.create_task(_watch(house.database, idle))
        yield house
        watching.cancel()
        await house.end()
        assert not idle


async def _watch(database: Database, idle: set[str]) -> None:
    while True:
        try:
            idle |= set(await idle_for_long(database))
        except Exception as error:
            if not is_transient(error):
                raise
        await asyncio.sleep(0.5)
