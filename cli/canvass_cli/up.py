"""`canvass up`: from whatever runs now to a stack in which everything is well."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from . import (
    building,
    database,
    environment,
    exclusive,
    given,
    keys,
    login,
    servers,
    services,
    sources,
    stack,
)
from .places import Places
from .services import Service
from .stack import Stack
from .trouble import Trouble

_READY_WITHIN_SECONDS = 120.0


def up(places: Places, *, new_passwords: bool = False) -> None:
    """Start what does not run, restart what is not well, leave alone what is. Raises `Trouble`."""
    places.make()
    with exclusive.alone(places.run / "lock"), ThreadPoolExecutor(1) as beside:
        planned = stack.planned(places)
        built = beside.submit(_build_console)
        start(planned, new_passwords=new_passwords)
        built.result()
    print(where(planned))
    print(f"{'log in':<10} {_login(places)}")


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
    lines = [f"{one.name:<10} {one.url}" for one in (planned.console, *planned.services)]
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
    """Whether each service, the console, and each server of ours is ready."""
    ours = [server for server in (planned.servers.postgres, planned.servers.rabbitmq) if server]
    return [one.ready() for one in (*ours, *planned.services, planned.console)]


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
    started = (*planned.services, planned.console)
    unwell = [one for one in started if not one.ready()]
    supervisor.stop([one.name for one in unwell if states.get(one.name) == "RUNNING"])
    supervisor.start(one.program for one in started)
    for one in started:
        servers.wait_ready(planned.places, supervisor, one.name, one.ready, _READY_WITHIN_SECONDS)


def _build_console() -> None:
    """All else works without it, and it says itself how to build it, so that a failure stops nothing."""
    try:
        if not building.is_current():
            _say("building the console")
        building.build()
    except Trouble as trouble:
        _say(f"The console could not be built: {trouble}\nTo try again: make console")


def _login(places: Places) -> str:
    try:
        return login.link(environment.read(places.environment))
    except Trouble as trouble:
        return f"canvass login makes a link; just now none could be made: {trouble}"


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
