"""A service put together: `python -m canvass_<name> serve|api|worker|migrate`."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from canvass_runtime import logs, migrations, partitions, processes, telemetry
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database
from canvass_runtime.partitions import Partitioned
from canvass_runtime.settings import ServiceSettings
from sqlalchemy import MetaData

from . import failpoints, inbox
from .consumers import Consumers
from .lane_process import LaneProcess, outlived
from .links import Links
from .process import Process, Task
from .tables import MessagingTables
from .timers import Timer
from .turning import shared

if TYPE_CHECKING:
    from starlette.types import ASGIApp

S = TypeVar("S", bound=ServiceSettings)


@dataclass(frozen=True, slots=True)
class Composition(Generic[S]):
    """What the parts of a service may be made from."""

    settings: S
    database: Database
    clock: Clock


@dataclass(frozen=True)
class Service(Generic[S]):
    """The parts of one service. `api` makes those that HTTP alone needs: a worker loads none of them."""

    settings: type[S]
    metadata: MetaData
    messaging: MessagingTables
    consumers: Consumers
    api: Callable[[Composition[S], Process], "ASGIApp"]
    timers: Callable[[Composition[S]], Sequence[Timer]] = lambda _: ()
    partitioned: Sequence[Partitioned] = ()

    @property
    def name(self) -> str:
        return self.settings.service

    def main(self, arguments: Sequence[str] | None = None) -> None:
        """Do what the command line says; ends the process when that is done or has failed."""
        asked = _parser(self.name).parse_args(arguments)
        settings = self.settings.load()
        logs.configure(self.name, settings.log_level)
        failpoints.arm(settings.failpoints)
        self.consumers.check()
        match asked.command:
            case "migrate":
                self._migrate(settings)
            case "api":
                self._run(settings, http=True, lanes=())
            case "worker":
                self._run(settings, http=False, lanes=(asked.lane,))
            case _:
                self._serve(settings)

    def _migrate(self, settings: S) -> None:
        url = settings.database_url.get_secret_value()
        migrations.migrate(url, package=f"canvass_{self.name}", schema=self.name)
        asyncio.run(self._make_partitions(Database(url, application_name=f"{self.name} migrate")))

    async def _make_partitions(self, database: Database) -> None:
        async with database.transaction() as tx:
            await partitions.ensure(tx, self.all_partitioned(), Clock().now().date())
        await database.dispose()

    def all_partitioned(self) -> list[Partitioned]:
        """The service's own partitioned tables and the inbox."""
        return [*self.partitioned, Partitioned(self.messaging.inbox, "day", inbox.KEPT_DAYS)]

    def _serve(self, settings: S) -> None:
        """HTTP and the live lane here, the bulk lane in a process of its own: neither slows the other."""
        bulk = LaneProcess(
            lambda parent: self._run(
                settings, http=False, lanes=("bulk",), others=(lambda stop: outlived(parent, stop),)
            )
        )
        try:
            self._run(settings, http=True, lanes=("live",), others=(bulk.watch,))
        finally:
            bulk.end()

    def _run(self, settings: S, *, http: bool, lanes: Sequence[str], others: Sequence[Task] = ()) -> None:
        processes.run(lambda stop: self.run(settings, stop, http=http, lanes=lanes, others=others))

    async def run(
        self,
        settings: S,
        stop: asyncio.Event,
        *,
        http: bool,
        lanes: Sequence[str],
        others: Sequence[Task] = (),
    ) -> None:
        """Run the parts asked for until `stop`. Raises BrokerAway or DatabaseAway after a minute without."""
        role = "+".join([*(["api"] if http else []), *lanes])
        flush_traces = telemetry.set_up(self.name, settings.otlp_endpoint)
        database = Database(
            settings.database_url.get_secret_value(),
            application_name=f"{self.name} {role}",
            pool_size=settings.pool_size,
        )
        clock = await shared(database, self.messaging.clock, stop) if settings.clock_can_turn else Clock()
        made = Composition(settings, database, clock)
        self.consumers.clock = made.clock
        links = Links(database, made.clock, settings.rabbitmq_url.get_secret_value())
        process = Process(
            links,
            self.consumers,
            self.messaging,
            lanes=lanes,
            timers=self.timers(made) if "live" in lanes else (),
            partitioned=self.all_partitioned(),
        )
        await process.run(stop, *others, *([self._http(made, process)] if http else []))
        flush_traces()

    def _http(self, made: Composition[S], process: Process) -> Task:
        from canvass_runtime import serving  # noqa: PLC0415 - only a process with HTTP loads it

        app = self.api(made, process)

        async def serve(stop: asyncio.Event) -> None:
            await serving.serve(app, made.settings.host, made.settings.port, stop)

        return serve


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m canvass_{name}")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="HTTP and both lanes, in two processes")
    commands.add_parser("api", help="HTTP alone")
    worker = commands.add_parser("worker", help="one lane of facts alone")
    worker.add_argument("--lane", choices=["live", "bulk"], default="live")
    commands.add_parser("migrate", help="bring the schema up to date")
    return parser
