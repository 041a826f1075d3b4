"""PostgreSQL and RabbitMQ of a test's own, which may be killed or taken away."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from canvass_cli.down import purge
from canvass_cli.places import Places
from canvass_cli.programs import pid_file
from canvass_cli.servers import Servers, plan
from canvass_cli.supervisor import Supervisor


@dataclass
class Below:
    """Servers below the services."""

    places: Places
    supervisor: Supervisor
    servers: Servers

    @property
    def postgres_url(self) -> str:
        """Of no database."""
        assert self.servers.postgres
        return self.servers.postgres.url

    @property
    def rabbitmq_url(self) -> str:
        assert self.servers.rabbitmq
        return self.servers.rabbitmq.url

    def kill(self, name: str) -> None:
        """SIGKILL; supervisord starts it again."""
        program = next(one for one in self.servers.programs if one.name == name)
        os.kill(int(pid_file(self.places, program).read_text().split()[0]), signal.SIGKILL)

    def take_away(self, name: str) -> None:
        """Stop it, and leave it stopped."""
        self.supervisor.stop([name])

    def give_back(self) -> None:
        """Start what is not running, and wait until it answers."""
        self.servers.start(self.supervisor)
        self.servers.wait_for_postgres(self.supervisor)
        self.servers.wait_for_rabbitmq(self.supervisor)


@contextmanager
def running(home: Path) -> Iterator[Below]:
    """Servers in `home`, which keep what they are told through a kill."""
    places = Places(home / "run")
    places.make()
    try:
        supervisor = Supervisor(places)
        servers, _ = plan(places, supervisor, own_postgres=True, own_rabbitmq=True, durable=True)
        supervisor.ensure(servers.programs)
        below = Below(places, supervisor, servers)
        below.give_back()
        yield below
    finally:
        purge(places)
