"""The five services as processes: what each is told, and how one sees that it is well."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import loopback, secret_files
from .key_store import KeyStore
from .places import Places
from .programs import Program

NAMES = ("tracking", "segments", "points", "campaigns", "channels")
_RANK = 30
_STOP_SECONDS = 30
_SIGN_LINKS = ("tracking", "channels")
"""Who makes the links of messages, and who reads them."""
_LETS_PEOPLE_IN = "campaigns"
"""Who signs the tokens of people, by a key that nobody else is told of."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of a stack: `python -m <module> serve`."""

    name: str
    module: str
    port: int
    database_url: str
    environment: Mapping[str, str]
    """What it is told beside its own database and port."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def program(self) -> Program:
        """The service for supervisord."""
        return Program(
            name=self.name,
            command=self.command("serve"),
            rank=_RANK,
            environment=self.whole_environment,
            stop_seconds=_STOP_SECONDS,
        )

    @property
    def whole_environment(self) -> dict[str, str]:
        """All that the process is told."""
        prefix = self.name.upper()
        own = {f"{prefix}_DATABASE_URL": self.database_url, f"{prefix}_PORT": str(self.port)}
        return {**self.environment, **own, "PYTHONUNBUFFERED": "1"}

    def command(self, what: str) -> Sequence[str]:
        """`serve`, `migrate`, ..."""
        return (sys.executable, "-m", self.module, what)

    def ready(self) -> bool:
        """Whether it says that it can do its work."""
        return loopback.status(self.port, "/readyz") == 200


def role(name: str) -> str:
    """The PostgreSQL role of a service."""
    return f"canvass_{name}"


def password(places: Places, name: str) -> str:
    """The password of a service's role: random, made once."""
    return secret_files.kept(places.secrets / f"{role(name)}.password")


def link_secret(places: Places) -> str:
    """What the links of messages are signed with: random, made once."""
    return secret_files.kept(places.secrets / "links.secret")


def urls(ports: Mapping[str, int]) -> dict[str, str]:
    """Where the services are on this machine, by the names that `.run/canvass.env` has: TRACKING_URL, ..."""
    return {f"{name.upper()}_URL": f"http://127.0.0.1:{ports[name]}" for name in NAMES}


def public_urls(ports: Mapping[str, int]) -> dict[str, str]:
    """Where the links of messages lead on this machine; a setting in the caller's shell goes before it."""
    urls = {name: f"http://127.0.0.1:{ports[name]}" for name in ("tracking", "channels")}
    return {
        "TRACKING_PUBLIC_URL": urls["tracking"],
        "CHANNELS_TRACKING_URL": urls["tracking"],
        "CHANNELS_PUBLIC_URL": urls["channels"],
    }


def environment(places: Places, rabbitmq_url: str, name: str) -> dict[str, str]:
    """What a service is told beside its database and addresses: ours, and its settings in the caller's shell.

    The clock of what runs from a checkout may be turned, unless the caller says otherwise.
    """
    ours = {
        "CANVASS_RABBITMQ_URL": rabbitmq_url,
        "CANVASS_KEYS_DIR": str(places.keys),
        "CANVASS_LOG_LEVEL": "info",
        "CANVASS_CLOCK_CAN_TURN": "true",
    }
    if name in _SIGN_LINKS:
        ours |= {"CANVASS_LINK_SECRET": link_secret(places)}
    if name == _LETS_PEOPLE_IN:
        ours |= {"CAMPAIGNS_SIGNING_KEY": str(KeyStore.of_people(places).signing())}
    return ours | _callers(name.upper())


def _callers(prefix: str) -> dict[str, str]:
    """CANVASS_* and, say, SEGMENTS_*, without what we say ourselves, there or in `.run/canvass.env`."""
    ours = {f"CANVASS_{what}" for what in ("RABBITMQ_URL", "KEYS_DIR", "LINK_SECRET", "TOKEN", "WRITE_KEY")}
    ours |= {f"{prefix}_{what}" for what in ("DATABASE_URL", "PORT", "URL", "SIGNING_KEY")}
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("CANVASS_", f"{prefix}_"))
        and name not in ours
        and not name.startswith("CANVASS_TEST_")
    }
