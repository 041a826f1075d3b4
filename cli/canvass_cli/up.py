"""`canvass up`: from whatever runs now to a stack in which everything is well."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterable

from . import database, environment, exclusive, given, keys, servers, services, sources, stack
from .places import Places
from .services import Service
from .stack import Stack
from .trouble import Trouble

_READY_WITHIN_SECONDS = 120.0


def up(places: Places, *, new_passwords: bool = False) -> None:
    """Start what does not run, restart what is not well, leave alone what is. Raises `Trouble`."""
    places.make()
    with exclusive.alone(places.run / "lock"):
        planned = stack.planned(places)
        start(planned, new_passwords=new_passwords)
    print(where(planned))


def start(planned: Stack, *, new_passwords: bool = False) -> None:
    """Bring a stack up as far as it is not up yet. Raises `Trouble`."""
    began = time.monotonic()
    if _all_well(planned):
        print("everything is running and well")
        return
    _bring_up(planned, new_passwords=new_passwords)
    print(f"up after {time.monotonic() - began:.1f} s")


def migrate(planned: Stack) -> None:
    """Bring the schema of every service of a stack to what its code expects. Raises `Trouble`."""
    migrate_all(planned.services)


def migrate_all(migrated: Iterable[Service]) -> None:
    """Bring these services' schemas to what their code expects, all at once. Raises `Trouble`."""
    running = [(service, _migrating(service)) for service in migrated]
    outputs = [(service, process, process.communicate()[0]) for service, process in running]
    for service, process, output in outputs:
        if process.returncode != 0:
            raise Trouble(f"{service.name} could not migrate its schema:\n{output.strip()}")


def where(planned: Stack) -> str:
    """Where everything is, for a person."""
    lines = [f"{service.name:<10} {service.url}" for service in planned.services]
    if broker := planned.servers.rabbitmq:
        lines.append(f"{'rabbitmq':<10} amqp://127.0.0.1:{broker.ports['rabbitmq']}")
        lines.append(f"{'':<10} http://127.0.0.1:{broker.ports['rabbitmq_management']} (management)")
    if server := planned.servers.postgres:
        lines.append(f"{'postgres':<10} 127.0.0.1:{server.port}, database {database.NAME}")
    lines.append(f"{'addresses':<10} set -a; . {planned.places.environment}; set +a")
    lines.append(f"{'logs':<10} {planned.places.log}")
    return "\n".join(lines)


def _all_well(planned: Stack) -> bool:
    supervisor, programs = planned.supervisor, planned.programs
    running = supervisor.knows(programs) and supervisor.runs(programs)
    return running and planned.places.environment.exists() and all(_well(planned))


def _well(planned: Stack) -> list[bool]:
    """Whether each service, and each server of ours, is ready."""
    ours = [server for server in (planned.servers.postgres, planned.servers.rabbitmq) if server]
    return [one.ready() for one in (*ours, *planned.services)]


def _bring_up(planned: Stack, *, new_passwords: bool) -> None:
    supervisor = planned.supervisor
    supervisor.ensure(planned.programs)
    planned.servers.start(supervisor)
    planned.servers.wait_for_postgres(supervisor)
    _prepare_database(planned, new_passwords=new_passwords)
    _say("PostgreSQL is ready; migrating")
    migrate(planned)
    if planned.servers.rabbitmq is None:
        given.broker(planned.rabbitmq_url)
    planned.servers.wait_for_rabbitmq(supervisor)
    _say("RabbitMQ is ready; starting the services")
    token = {"CANVASS_TOKEN": keys.ensure(planned.places)}
    _start_services(planned)
    known = planned.environment | token
    environment.write(planned.places.environment, known | {"CANVASS_WRITE_KEY": sources.ensure(known)})


def _prepare_database(planned: Stack, *, new_passwords: bool) -> None:
    """A private server's roles are ours alone, so that they follow the secrets of this checkout."""
    passwords = {one.name: services.password(planned.places, one.name) for one in planned.services}
    ours = planned.servers.postgres is not None
    asyncio.run(database.prepare(planned.database_url, passwords, new_passwords=ours or new_passwords))


def _start_services(planned: Stack) -> None:
    supervisor = planned.supervisor
    states = supervisor.states()
    unwell = [one for one in planned.services if not one.ready()]
    supervisor.stop([one.name for one in unwell if states.get(one.name) == "RUNNING"])
    supervisor.start(one.program for one in planned.services)
    for one in planned.services:
        servers.wait_ready(planned.places, supervisor, one.name, one.ready, _READY_WITHIN_SECONDS)


def _migrating(service: Service) -> subprocess.Popen[str]:
    return subprocess.Popen(
        service.command("migrate"),
        env=os.environ | service.whole_environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _say(text: str) -> None:
    print(text, flush=True)
