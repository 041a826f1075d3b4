"""Fixtures for tests against the real parts: a fresh database, a fresh vhost, a clock one can turn."""

import asyncio
import json
import os
from base64 import b64encode
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
import pytest_asyncio

from canvass_runtime.addresses import libpq_url
from canvass_runtime.clock import TurnedClock
from canvass_runtime.db import Database
from canvass_runtime.driver import connect
from canvass_runtime.logs import through_logging

DATABASE = "CANVASS_TEST_DATABASE_URL"
RABBITMQ = "CANVASS_TEST_RABBITMQ_URL"
MANAGEMENT = "CANVASS_TEST_RABBITMQ_MANAGEMENT_URL"


def pytest_configure() -> None:
    """Nothing may cache a logger before."""
    through_logging()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A database of this test session's (or xdist worker's) own, empty at its start, dropped after."""
    with fresh_database(_told(DATABASE, "a PostgreSQL 18")) as url:
        yield url


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A pool on the session's database; the tables that a test makes are its own to drop."""
    database = Database(database_url, application_name="tests", pool_size=5)
    yield database
    await database.dispose()


@pytest.fixture
def vhost() -> Iterator[str]:
    """The amqp url of a vhost of this test's own, deleted after."""
    with fresh_vhost() as url:
        yield url


@pytest.fixture
def clock() -> TurnedClock:
    """A clock that the test can turn."""
    return TurnedClock()


@contextmanager
def fresh_database(admin_url: str) -> Generator[str]:
    """Make an empty database beside the one of `admin_url`, and drop it with all its connections after."""
    name = f"canvass_test_{uuid4().hex[:12]}"
    _in_a_loop_of_its_own(_administer(admin_url, f'CREATE DATABASE "{name}" TEMPLATE template0'))
    try:
        yield urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))
    finally:
        _in_a_loop_of_its_own(_administer(admin_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


@contextmanager
def fresh_vhost() -> Generator[str]:
    """Make an empty vhost on the tests' RabbitMQ, and delete it after; gives its amqp url."""
    amqp, management = _told(RABBITMQ, "a RabbitMQ"), _told(MANAGEMENT, "its management plugin")
    name = f"test-{uuid4().hex[:12]}"
    user = quote(urlsplit(amqp).username or "guest", safe="")
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    _manage(management, "PUT", f"/api/vhosts/{name}")
    try:
        _manage(management, "PUT", f"/api/permissions/{name}/{user}", everything)
        yield urlunsplit(urlsplit(amqp)._replace(path=f"/{name}"))
    finally:
        _manage(management, "DELETE", f"/api/vhosts/{name}")


def _told(variable: str, what: str) -> str:
    value = os.environ.get(variable)
    if not value:
        pytest.fail(
            f"{variable} is not set: run `make test`, or start {what} and set it to its url", pytrace=False
        )
    return value


async def _administer(url: str, statement: str) -> None:
    connection = await connect(libpq_url(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _in_a_loop_of_its_own(work: Coroutine[Any, Any, None]) -> None:
    """Session fixtures are older than any test's loop, and must leave none behind."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _manage(url: str, method: str, path: str, body: object | None = None) -> None:
    parts = urlsplit(url)
    credentials = f"{parts.username or 'guest'}:{parts.password or 'guest'}".encode()
    request = Request(  # noqa: S310 - the url is the tester's own
        urlunsplit((parts.scheme, f"{parts.hostname}:{parts.port}", path, "", "")),
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Basic {b64encode(credentials).decode()}",
            "Content-Type": "application/json",
        },
        method=method,
    )
    with urlopen(request, timeout=10):  # noqa: S310
        pass
