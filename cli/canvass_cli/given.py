"""A PostgreSQL or RabbitMQ that somebody gave us by URL, in place of a private one."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from . import environment, loopback
from .places import Places
from .trouble import Trouble

NAMES = ("DATABASE_URL", "RABBITMQ_URL")


def urls(places: Places) -> dict[str, str]:
    """The URLs to use in place of private servers.

    DATABASE_URL and RABBITMQ_URL of the caller's shell count, else what an earlier `up` was given: this one
    must not begin an empty database beside the one in use. Set to nothing they are taken back. What
    `.run/canvass.env` says of the private servers is not a gift, even when a shell has read it.
    """
    known = environment.read(_file(places))
    written = environment.read(places.environment)
    for name in NAMES:
        value = os.environ.get(name)
        if value is None or (name not in known and _same_login(value, written.get(name, ""))):
            continue
        if value:
            known[name] = value
        else:
            known.pop(name, None)
    return known


def remember(places: Places, urls: dict[str, str]) -> None:
    """Keep them for the next time."""
    environment.write(_file(places), urls)


def broker(url: str) -> str:
    """Host and port of a RabbitMQ that listens there. Raises `Trouble` when none does."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or (5671 if parts.scheme == "amqps" else 5672)
    if not loopback.listens(port, host):
        raise Trouble(f"No RabbitMQ answers at {host}:{port}.")
    return f"{host}:{port}"


def _same_login(url: str, other: str) -> bool:
    """Our passwords are random: who has one was told by us, perhaps of a port that has changed since."""
    login = urlsplit(url).password
    return login is not None and login == urlsplit(other).password


def _file(places: Places) -> Path:
    return places.secrets / "given.env"
