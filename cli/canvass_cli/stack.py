"""One checkout's stack: which servers, which services, and how they are told of each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import console, database, given, servers, services
from .console import Console
from .places import Places
from .programs import Program
from .servers import Servers
from .services import Service
from .supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Stack:
    """All that `up` starts. Secrets in the URLs: never print them whole."""

    places: Places
    supervisor: Supervisor
    servers: Servers
    services: Sequence[Service]
    console: Console
    database_url: str
    rabbitmq_url: str

    @property
    def programs(self) -> list[Program]:
        """All that supervisord must run."""
        return [*self.servers.programs, *(service.program for service in self.services), self.console.program]

    @property
    def environment(self) -> dict[str, str]:
        """Addresses for shells and scripts."""
        urls = {f"{one.name.upper()}_URL": one.url for one in (*self.services, self.console)}
        return urls | {"RABBITMQ_URL": self.rabbitmq_url, "DATABASE_URL": self.database_url}


def planned(places: Places) -> Stack:
    """What to run for this checkout: ports chosen, homes made, nothing started. Raises `Trouble`."""
    places.make()
    urls = given.urls(places)
    given.remember(places, urls)
    supervisor = Supervisor(places)
    ours, ports = servers.plan(
        places,
        supervisor,
        own_postgres="DATABASE_URL" not in urls,
        own_rabbitmq="RABBITMQ_URL" not in urls,
        durable=True,
        other_ports=(*services.NAMES, console.NAME),
    )
    database_url = database.with_name(ours.postgres.url if ours.postgres else urls["DATABASE_URL"])
    rabbitmq_url = ours.rabbitmq.url if ours.rabbitmq else urls["RABBITMQ_URL"]
    public = services.public_urls(ports)
    door = Console(ports[console.NAME], services.urls(ports) | public)
    told_all = public | {"CAMPAIGNS_CONSOLE_URL": door.url}
    made = [
        Service(
            name=name,
            module=f"canvass_{name}",
            port=ports[name],
            database_url=database.service_url(database_url, name, services.password(places, name)),
            environment=told_all | services.environment(places, rabbitmq_url, name),
        )
        for name in services.NAMES
    ]
    return Stack(places, supervisor, ours, made, door, database_url, rabbitmq_url)
