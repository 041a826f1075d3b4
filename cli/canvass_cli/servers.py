"""PostgreSQL and RabbitMQ of one stack: found, given ports and homes, started side by side, waited for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from . import install, loopback, ports, rabbitmq, waiting
from .places import Places
from .postgres import Postgres
from .programs import Program, log_file
from .rabbitmq import RabbitMQ
from .supervisor import Supervisor

_READY_WITHIN_SECONDS = 120.0
_EPMD_WITHIN_SECONDS = 10.0
_MAY_LISTEN = {"RUNNING", "STARTING", "STOPPING"}


@dataclass(frozen=True, slots=True)
class Servers:
    """What of the two we run ourselves; None where one was given to us."""

    places: Places
    postgres: Postgres | None
    rabbitmq: RabbitMQ | None

    @property
    def programs(self) -> list[Program]:
        """All that supervisord must run for these."""
        ours = [self.postgres.program] if self.postgres else []
        return ours + ([self.rabbitmq.epmd_program, self.rabbitmq.node_program] if self.rabbitmq else [])

    def start(self, supervisor: Supervisor) -> None:
        """Start those that do not run. Returns at once: who needs one waits for it."""
        if self.postgres:
            self.postgres.prepare()
            supervisor.start([self.postgres.program])
        if self.rabbitmq:
            self.rabbitmq.prepare()
            supervisor.start([self.rabbitmq.epmd_program])
            epmd = partial(loopback.listens, self.rabbitmq.ports["epmd"])
            wait_ready(self.places, supervisor, "epmd", epmd, _EPMD_WITHIN_SECONDS)
            supervisor.start([self.rabbitmq.node_program])

    def wait_for_postgres(self, supervisor: Supervisor) -> None:
        """Return when it takes connections; raise `waiting.StillWaiting` when it does not."""
        if self.postgres:
            wait_ready(self.places, supervisor, "postgres", self.postgres.ready, _READY_WITHIN_SECONDS)

    def wait_for_rabbitmq(self, supervisor: Supervisor) -> None:
        """Return when it takes connections; raise `waiting.StillWaiting` when it does not."""
        if self.rabbitmq:
            wait_ready(self.places, supervisor, "rabbitmq", self.rabbitmq.ready, _READY_WITHIN_SECONDS)


def plan(
    places: Places,
    supervisor: Supervisor,
    *,
    own_postgres: bool,
    own_rabbitmq: bool,
    durable: bool,
    other_ports: Iterable[str] = (),
) -> tuple[Servers, dict[str, int]]:
    """What to run, and every port of the stack. Raises `Trouble` when something is not installed."""
    binaries = install.postgres() if own_postgres else None
    broker = install.broker(places) if own_rabbitmq else None
    names = [*other_ports, *(["postgres"] if binaries else []), *(rabbitmq.PORTS if broker else ())]
    supervisor.end_orphans()
    chosen = ports.choose(places, names, ours=_listening(supervisor))
    server = Postgres.at_home(places, binaries, chosen["postgres"], durable=durable) if binaries else None
    node = RabbitMQ.at_home(places, broker, chosen) if broker else None
    return Servers(places, server, node), chosen


def wait_ready(
    places: Places, supervisor: Supervisor, name: str, ready: Callable[[], bool], seconds: float
) -> None:
    """Wait until a program is ready; raise `waiting.StillWaiting` with the end of its log when it is not."""

    def come() -> bool:
        if supervisor.states().get(name) in {"BACKOFF", "FATAL"}:
            raise waiting.StillWaiting(f"{name} ended as soon as it was started")
        return ready()

    try:
        waiting.until(come, seconds, f"{name} is not ready after {seconds:.0f} s")
    except waiting.StillWaiting as complaint:
        raise waiting.StillWaiting(f"{complaint}; the end of its log:\n{_tail(places, name)}") from None


def _listening(supervisor: Supervisor) -> set[str]:
    """Names of ports that programs of this very stack hold now."""
    held = {name for name, state in supervisor.states().items() if state in _MAY_LISTEN}
    return held | set(rabbitmq.PORTS) if "rabbitmq" in held else held


def _tail(places: Places, name: str, lines: int = 20) -> str:
    file = log_file(places, name)
    text = file.read_text(errors="replace") if file.exists() else ""
    return "\n".join(f"  {line}" for line in text.splitlines()[-lines:]) + f"\n  ({file})"
