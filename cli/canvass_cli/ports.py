"""Ports of this stack: chosen once, recorded, and chosen again when somebody else has taken one."""

import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from .places import Places
from .trouble import Trouble

_FIRST, _COUNT = 20000, 12000
"""Below what Linux (32768) and macOS (49152) give to outgoing connections, which might take ours."""


def is_free(port: int) -> bool:
    """Whether one could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def recorded(places: Places) -> dict[str, int]:
    """The ports chosen earlier, by name; none when nothing was chosen or the record cannot be read."""
    try:
        return {str(name): int(port) for name, port in json.loads(places.ports.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}


def choose(places: Places, names: Iterable[str], *, ours: Iterable[str] = ()) -> dict[str, int]:
    """Give every name a port and record it.

    Names in `ours` are being listened on by this very stack, so their ports are kept without a look.
    Others keep the port of last time if it is still free.
    """
    wanted, held = list(names), set(ours)
    before = recorded(places)
    chosen = {
        name: port for name, port in before.items() if name in held or (name in wanted and is_free(port))
    }
    candidates = _candidates(places)
    for name in wanted:
        if name not in chosen:
            chosen[name] = _free(candidates, chosen)
    _record(places.ports, chosen)
    return chosen


def spare(places: Places) -> int:
    """A port that is free now, beside those of the stack."""
    return _free(_candidates(places), recorded(places))


def _free(candidates: Iterator[int], chosen: Mapping[str, int]) -> int:
    taken = set(chosen.values())
    for port in candidates:
        if port not in taken and is_free(port):
            return port
    raise Trouble(f"There is no free loopback port between {_FIRST} and {_FIRST + _COUNT}.")


def _candidates(places: Places) -> Iterator[int]:
    """Every stack begins to look somewhere else, so that two which start at once do not race for one port."""
    start = int(places.fingerprint, 16)
    return (_FIRST + (start + step) % _COUNT for step in range(_COUNT))


def _record(path: Path, chosen: Mapping[str, int]) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(dict(sorted(chosen.items())), indent=1) + "\n")
    draft.replace(path)
