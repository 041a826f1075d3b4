"""A private RabbitMQ node: own ports, own cookie, own epmd, loopback only. It meets no other node."""

import base64
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from . import loopback, secret_files
from .places import Places
from .programs import Program

PORTS = ("rabbitmq", "rabbitmq_management", "rabbitmq_prometheus", "rabbitmq_distribution", "epmd")
USER = "canvass"
LEAST_VERSION = (3, 10)

_NODE = "canvass@localhost"
"""The same everywhere: nodes meet by epmd, and every one of ours has its own."""

_SERVERS = (
    "/usr/lib/rabbitmq/bin/rabbitmq-server",  # not the one in /usr/sbin, which is for the system's own node
    "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
    "/usr/local/opt/rabbitmq/sbin/rabbitmq-server",
    "/home/linuxbrew/.linuxbrew/opt/rabbitmq/sbin/rabbitmq-server",
)


@dataclass(frozen=True, slots=True)
class Broker:
    """RabbitMQ as installed on this machine."""

    server: Path
    epmd: Path
    version: str


@dataclass(frozen=True, slots=True)
class RabbitMQ:
    """The node of one stack."""

    broker: Broker
    home: Path
    ports: Mapping[str, int]

    @classmethod
    def at_home(cls, places: Places, broker: Broker, ports: Mapping[str, int]) -> "RabbitMQ":
        """The node of this stack."""
        return cls(broker, places.run / "rabbitmq", ports)

    @property
    def url(self) -> str:
        """Where clients connect: the default virtual host."""
        return f"amqp://{USER}:{quote(self._password)}@127.0.0.1:{self.ports['rabbitmq']}/"

    @property
    def management_url(self) -> str:
        """The management API, credentials included."""
        return f"http://{USER}:{quote(self._password)}@127.0.0.1:{self.ports['rabbitmq_management']}"

    @property
    def epmd_program(self) -> Program:
        """Erlang's name server, in sight of supervisord: one that a node starts by itself outlives it."""
        port = str(self.ports["epmd"])
        return Program(
            name="epmd",
            command=[str(self.broker.epmd), "-address", "127.0.0.1", "-port", port],
            rank=10,
            environment=self._epmd_environment,
        )

    @property
    def node_program(self) -> Program:
        """The node itself. It must find its epmd running."""
        return Program(
            name="rabbitmq",
            command=[str(self.broker.server)],
            rank=20,
            environment=self._environment,
            stop_seconds=60,
        )

    def prepare(self) -> None:
        """Write what the node reads. The user and its password are taken up when its database is made."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        cookie = self.home / ".erlang.cookie"
        if not cookie.exists():
            secret_files.write(cookie, secrets.token_hex(20))
        secret_files.write(self.home / "rabbitmq.conf", self.configuration())
        (self.home / "enabled_plugins").write_text("[rabbitmq_management,rabbitmq_prometheus].\n")
        (self.home / "advanced.config").write_text("[].\n")

    def configuration(self) -> str:
        """The whole rabbitmq.conf: loopback, small, and quiet when nothing happens."""
        return f"""\
listeners.tcp.local = 127.0.0.1:{self.ports["rabbitmq"]}
management.tcp.ip = 127.0.0.1
management.tcp.port = {self.ports["rabbitmq_management"]}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {self.ports["rabbitmq_prometheus"]}
default_user = {USER}
default_pass = {self._password}
default_user_tags.administrator = true
log.console = true
log.console.level = info
log.console.use_colors = off
log.file = false
disk_free_limit.absolute = 200MB
vm_memory_high_watermark.relative = 0.4
raft.wal_max_size_bytes = 64000000
management.rates_mode = none
collect_statistics_interval = 10000
"""

    def ready(self) -> bool:
        """Whether it takes connections, and ours are let in."""
        return self._lets_in() and loopback.listens(self.ports["rabbitmq"])

    @property
    def _password(self) -> str:
        """Beside the data that it opens, so that neither is found without the other."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        return secret_files.kept(self.home / "password")

    @property
    def _epmd_environment(self) -> dict[str, str]:
        return {"ERL_EPMD_PORT": str(self.ports["epmd"]), "ERL_EPMD_ADDRESS": "127.0.0.1"}

    @property
    def _environment(self) -> dict[str, str]:
        return self._epmd_environment | {
            "HOME": str(self.home),  # where Erlang looks for its cookie
            "RUNNING_UNDER_SYSTEMD": "true",  # the script becomes the node, instead of waiting beside it
            "RABBITMQ_NODENAME": _NODE,
            "RABBITMQ_DIST_PORT": str(self.ports["rabbitmq_distribution"]),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(self.home / "conf.d" / "*.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.home / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.home / "data"),
            "RABBITMQ_LOG_BASE": str(self.home / "log"),
            "RABBITMQ_PID_FILE": str(self.home / "rabbitmq.pid"),
            "ERL_CRASH_DUMP": str(self.home / "erl_crash.dump"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
            ),
        }

    def _lets_in(self) -> bool:
        credentials = base64.b64encode(f"{USER}:{self._password}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}"}
        return loopback.status(self.ports["rabbitmq_management"], "/api/whoami", headers) == 200


def find() -> Broker | None:
    """RabbitMQ as installed, or None."""
    servers = [Path(server) for server in _SERVERS]
    server = next((server for server in servers if server.exists()), None)
    epmd = _epmd()
    return Broker(server, epmd, _version(server)) if server and epmd else None


def _epmd() -> Path | None:
    homebrew = "/opt/homebrew/opt/erlang/lib/erlang/bin"
    found = shutil.which("epmd", path=f"/usr/bin:/usr/lib/erlang/bin:{homebrew}") or shutil.which("epmd")
    return Path(found) if found else None


def too_old(version: str) -> bool:
    """Whether a version, as far as it is known, is below `LEAST_VERSION`."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) < LEAST_VERSION


def _version(server: Path) -> str:
    """From where it is installed: asking it would start an Erlang machine."""
    installed = [server.resolve(), *server.parents[1].glob("lib/rabbitmq_server-*")]
    versions = re.findall(r"rabbitmq(?:_server)?[-/](\d+\.[\d.]*\d)", " ".join(map(str, installed)))
    return str(versions[-1]) if versions else "unknown"
