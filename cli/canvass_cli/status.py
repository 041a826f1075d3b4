"""`canvass status`: what runs, and whether it is well."""

from . import console, loopback, ports, services
from .places import Places
from .supervisor import Supervisor

_SAY_SO = dict.fromkeys(services.NAMES, "/readyz") | {console.NAME: "/healthz"}


def status(places: Places) -> tuple[str, bool]:
    """A line for each program, and whether all is well."""
    states = Supervisor(places).states()
    if not states:
        return "nothing is running", False
    chosen = ports.recorded(places)
    lines: list[str] = []
    well = True
    for name, state in states.items():
        healthy = state == "RUNNING" and _ready(name, chosen.get(name))
        well = well and healthy
        lines.append(
            f"{'ok' if healthy else 'unwell':<8} {name:<10} {state.lower():<10} port {chosen.get(name)}"
        )
    return "\n".join(lines), well


def _ready(name: str, port: int | None) -> bool:
    """Whether it says so itself; servers that do not speak HTTP are taken at supervisord's word."""
    path = _SAY_SO.get(name)
    return path is None or (port is not None and loopback.status(port, path) == 200)
