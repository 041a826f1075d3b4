"""A PostgreSQL and a RabbitMQ of the suite's own, which it may kill and restart."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
from canvass_cli import servers, waiting
from canvass_cli.down import purge
from canvass_cli.places import Places
from canvass_cli.programs import pid_file
from canvass_cli.supervisor import Supervisor


class PrivateServers:
    """Durable, unlike the servers of other tests: what is committed survives the death of the server."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._supervisor = Supervisor(places)
        self._servers, _ = servers.plan(
            places, self._supervisor, own_postgres=True, own_rabbitmq=True, durable=True
        )
        self._supervisor.ensure(self._servers.programs)
        self._servers.start(self._supervisor)
        self.wait()
        assert self._servers.postgres
        assert self._servers.rabbitmq
        self.postgres_url = f"{self._servers.postgres.url}/postgres"
        self.amqp_url = self._servers.rabbitmq.url
        self.management_url = self._servers.rabbitmq.management_url

    def wait(self) -> None:
        """Wait until both take connections."""
        self._servers.wait_for_postgres(self._supervisor)
        self._servers.wait_for_rabbitmq(self._supervisor)

    def stop(self, name: str) -> None:
        """Stop `postgres` or `rabbitmq` in good order, and wait until it has ended."""
        self._supervisor.stop([name])

    def start(self) -> None:
        """Start what does not run, and wait until it takes connections."""
        self._servers.start(self._supervisor)
        self.wait()

    def kill(self, name: str) -> None:
        """Kill it where it stands; return once its supervisor has it running again."""
        program = next(one for one in self._servers.programs if one.name == name)
        process = psutil.Process(int(pid_file(self._places, program).read_text()))
        process.kill()
        process.wait(10)
        server = self._servers.postgres if name == "postgres" else self._servers.rabbitmq
        assert server
        waiting.until(server.ready, 60, f"{name} does not come back")


@contextmanager
def private_servers(directory: Path) -> Generator[PrivateServers]:
    """Start both in a directory of their own; end them and delete it after."""
    places = Places(directory)
    places.make()
    try:
        yield PrivateServers(places)
    finally:
        purge(places)
