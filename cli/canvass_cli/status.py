"""`canvass status`: what runs, and whether it is well."""

from . import loopback, ports, services
from .places import Places
from .supervisor import Supervisor


def status(places: Places) -> tuple[str, bool]:
    """A line for each program, and whether all is well."""
    states = Supervisor(places).states()
    if not states:
        return "nothing is running", False
    chosen = ports.recorded(places)
    lines: list[str] = []
    well = True
    for name, state in states.items():
        healthy = state == "RUNNING" and (name not in services.NAMES or _ready(chosen.get(name)))
        well = well and healthy
        lines.append(
            f"{'ok' if healthy else 'unwell':<8} {name:<10} {state.lower():<10} port {chosen.get(name)}"
        )
    return "\n".join(lines), well


def _ready(port: int | None) -> bool:
    return port is not None and loopback.status(port, "/readyz") == 200
