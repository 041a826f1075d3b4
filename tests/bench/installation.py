"""The stack of a run: PostgreSQL (durable, as `canvass up` has it), RabbitMQ and services in `.run/bench`."""

import asyncio
import base64
import contextlib
import io
import json
import os
import urllib.request
from dataclasses import replace
from typing import Any, Self
from urllib.parse import quote, urlsplit, urlunsplit

import aio_pika
import asyncpg
from canvass_cli import database, down, keys, programs, servers, services, sources, stack, up
from canvass_cli.places import CHECKOUT, Places
from canvass_cli.postgres import Postgres
from canvass_cli.rabbitmq import RabbitMQ
from canvass_cli.services import Service
from canvass_cli.stack import Stack
from canvass_messaging import topology

PLACES = Places(CHECKOUT / ".run" / "bench")

_READY_WITHIN_SECONDS = 60.0

_PREFIXES = ("CANVASS", *(name.upper() for name in services.NAMES))
_OF_OTHER_STACKS = ("DATABASE_URL", "RABBITMQ_URL", *(f"{prefix}_" for prefix in _PREFIXES))


class Installation:
    """Begins empty and leaves nothing: no process, no data. What a killed run has left goes first."""

    def __init__(self) -> None:
        self._stack: Stack | None = None

    def __enter__(self) -> Self:
        _forget_other_stacks()
        os.environ["CHANNELS_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8"  # where the sink is
        down.purge(PLACES)
        try:
            self._stack = planned = stack.planned(PLACES)
            planned.supervisor.ensure(planned.programs)
            planned.servers.start(planned.supervisor)
            planned.servers.wait_for_postgres(planned.supervisor)
            planned.servers.wait_for_rabbitmq(planned.supervisor)
        except BaseException:
            down.purge(PLACES)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        down.purge(PLACES)

    @property
    def stack(self) -> Stack:
        """Raises LookupError outside of `with`."""
        if self._stack is None:
            raise LookupError("nothing is installed")
        return self._stack

    def run_all(self) -> None:
        """Have everything running and well, as `canvass up` does it."""
        with contextlib.redirect_stdout(io.StringIO()):
            up.start(self.stack)

    def run_alone(self, name: str) -> Service:
        """Have one service running, and no other; the queues of the others are there, and fill."""
        alone = replace(self.stack, services=[one for one in self.stack.services if one.name == name])
        supervisor, service = self.stack.supervisor, alone.services[0]
        supervisor.stop([one.name for one in self.stack.services if one.name != name])
        passwords = {name: services.password(PLACES, name)}
        asyncio.run(database.prepare(self.stack.database_url, passwords, new_passwords=True))
        up.migrate(alone)
        asyncio.run(_declare_queues(self.stack.rabbitmq_url))
        supervisor.start([service.program])
        servers.wait_ready(PLACES, supervisor, name, service.ready, _READY_WITHIN_SECONDS)
        return service

    def service(self, name: str) -> Service:
        """One of the five, running or not."""
        return next(one for one in self.stack.services if one.name == name)

    def write_key(self) -> str:
        """The key of the first source. `tracking` must be running."""
        return sources.ensure(self.stack.environment | {"CANVASS_TOKEN": self.token()})

    def token(self) -> str:
        """A key to everything."""
        return keys.ensure(PLACES)

    def empty_queues(self) -> None:
        """Throw away what waits in the queues of services that do not run."""
        for queue in self.manage("GET", "/api/queues/%2F?columns=name,type"):
            if queue["type"] != "stream":
                self.manage("DELETE", f"/api/queues/%2F/{queue['name']}/contents")

    def roots(self, *names: str) -> list[int]:
        """The process ids of programs of the stack; their children count as theirs."""
        files = [programs.pid_file(PLACES, one) for one in self.stack.programs if one.name in names]
        return [int(file.read_text().split()[0]) for file in files if file.exists()]

    @property
    def superuser_url(self) -> str:
        """The services' database, as somebody who may do everything there."""
        return self.stack.database_url

    def fresh_database(self, name: str) -> str:
        """The url of a new, empty database beside the one of the services."""
        asyncio.run(_execute(f"{self._postgres.url}/postgres", f'CREATE DATABASE "{name}"'))
        return f"{self._postgres.url}/{name}"

    def fresh_vhost(self, name: str) -> str:
        """The amqp url of a new vhost: what is declared there meets nothing else."""
        url = self._rabbitmq.url
        user = urlsplit(url).username or ""
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.manage("PUT", f"/api/vhosts/{name}")
        self.manage("PUT", f"/api/permissions/{name}/{quote(user, safe='')}", everything)
        return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    def manage(self, method: str, path: str, body: object | None = None) -> Any:
        """Ask RabbitMQ's management API."""
        parts = urlsplit(self._rabbitmq.management_url)
        credentials = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
        request = urllib.request.Request(
            f"http://{parts.hostname}:{parts.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Basic {credentials}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    @property
    def _postgres(self) -> Postgres:
        if self.stack.servers.postgres is None:
            raise LookupError("PostgreSQL is not ours")
        return self.stack.servers.postgres

    @property
    def _rabbitmq(self) -> RabbitMQ:
        if self.stack.servers.rabbitmq is None:
            raise LookupError("RabbitMQ is not ours")
        return self.stack.servers.rabbitmq


def _forget_other_stacks() -> None:
    """What a shell says of other stacks must not reach the one that is measured."""
    for name in [name for name in os.environ if name.startswith(_OF_OTHER_STACKS)]:
        del os.environ[name]


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _declare_queues(rabbitmq_url: str) -> None:
    connection = await aio_pika.connect(rabbitmq_url)
    async with connection:
        for name in services.NAMES:
            await topology.declare(await connection.channel(), name)
