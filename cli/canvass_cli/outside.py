"""What somebody outside needs to use an installation: addresses as seen from there, a token, a write key."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from . import environment, keys, sources
from .places import Places
from .services import NAMES
from .trouble import Trouble

_SERVICES = tuple(f"{name.upper()}_URL" for name in NAMES)


def view(places: Places) -> dict[str, str]:
    """Addresses and keys. Where X_PUBLISHED says a host and port, X is reached there from outside.

    Raises `Trouble` when nothing has been started yet, or tracking does not answer.
    """
    known = environment.known(places)
    if missing := [name for name in (*_SERVICES, "RABBITMQ_URL") if not known.get(name)]:
        raise Trouble(f"{', '.join(missing)} not known: run `canvass up` first.")
    told = [name for name in (*_SERVICES, "CONSOLE_URL", "RABBITMQ_URL") if known.get(name)]
    urls = {name: _published(name, known) for name in told}
    return urls | access(places)


def access(places: Places) -> dict[str, str]:
    """A token that is allowed everything and the write key of the first source; made if need be, and kept."""
    token = {"CANVASS_TOKEN": keys.ensure(places)}
    made = token | {"CANVASS_WRITE_KEY": sources.ensure(environment.known(places) | token)}
    environment.write(places.environment, environment.read(places.environment) | made)
    return made


def _published(name: str, known: Mapping[str, str]) -> str:
    parts = urlsplit(known[name])
    login, at, _ = parts.netloc.rpartition("@")
    address = known.get(f"{name.removesuffix('_URL')}_PUBLISHED")
    return urlunsplit(parts._replace(netloc=f"{login}{at}{address}")) if address else known[name]
