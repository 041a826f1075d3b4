"""What the five services cost while nothing happens."""

import time
from dataclasses import replace
from typing import Any

from canvass_cli.services import NAMES

from tests.bench import machine
from tests.bench.figure import Definition, Figure, Measured
from tests.bench.installation import Installation

REST_SECONDS = 20
SECONDS = 30

IDLE = Definition(
    name="idle",
    unit="% CPU",
    what=(
        f"of one core, by all processes of a service, over {SECONDS} s, {REST_SECONDS} s after `canvass up`; "
        "of the five the one that uses most"
    ),
    floor=3,
    goal=1,
    less_is_better=True,
)
IDLE_MEMORY = Definition(
    name="idle_memory",
    unit="MB",
    what=(
        "of all processes of a service after that, as PSS (what processes share is divided among them); of "
        "the five the one nearest to its floor, which is 180 for channels"
    ),
    floor=150,
    goal=110,
    less_is_better=True,
)
_FLOORS = {"channels": 180.0}


def measure(installation: Installation) -> list[Measured]:
    """Both, and in the details every service's."""
    installation.run_all()
    time.sleep(REST_SECONDS)
    with machine.measured({name: installation.roots(name) for name in NAMES}) as usage:
        time.sleep(SECONDS)
    memory = {name: _memory(installation.roots(name)) for name in NAMES}
    services = {name: {"cpu_percent": usage.percent[name], **memory[name]} for name in NAMES}
    busiest = max(NAMES, key=lambda name: usage.percent[name])
    return [
        Measured(
            IDLE, [usage.percent[busiest]], usages=[usage], details={"service": busiest, "services": services}
        ),
        nearest({name: memory[name]["pss_mb"] for name in NAMES}),
    ]


def nearest(used: dict[str, float]) -> Measured:
    """The service that comes nearest to its floor, or exceeds it most."""
    floors = {name: _FLOORS.get(name, IDLE_MEMORY.floor) for name in used}
    worst = max(used, key=lambda name: used[name] / floors[name])
    definition = replace(IDLE_MEMORY, floor=floors[worst])
    return Measured(definition, [used[worst]], details={"service": worst})


def _memory(roots: list[int]) -> dict[str, Any]:
    family = [process for root in roots for process in machine.family(root)]
    used = [machine.memory(process.pid) for process in family]
    return {
        "pss_mb": round(sum(pss for pss, _ in used), 1),
        "rss_mb": round(sum(rss for _, rss in used), 1),
        "processes": len(family),
    }


FIGURE = Figure("idle", (IDLE, IDLE_MEMORY), measure, at_most_seconds=180)
