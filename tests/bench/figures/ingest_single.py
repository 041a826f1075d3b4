"""How many single events a second tracking takes, each answered once it is committed."""

from tests.bench import machine, tracking
from tests.bench.child import Child
from tests.bench.figure import Definition, Figure, Measured
from tests.bench.installation import Installation

ROUNDS = 5
SECONDS = 4.0
CONNECTIONS = 64

INGEST_SINGLE = Definition(
    name="ingest_single",
    unit="events/s",
    what=(
        "durable events, one a POST to `/v1/track` of `python -m canvass_tracking serve`, which publishes "
        f"them meanwhile: a closed loop over {CONNECTIONS} keep-alive connections, every `messageId` new, "
        "one event in ten of a visitor never seen, the others of 5,000"
    ),
    limit="the same posts to a FastAPI route that does nothing, under uvicorn with the same settings",
    floor=0.30,
    goal=0.5,
)


def measure(installation: Installation) -> list[Measured]:
    """Raises ArithmeticError when not exactly what was acknowledged is stored."""
    service, key = installation.run_alone("tracking"), installation.write_key()
    groups = {name: installation.roots(name) for name in ("tracking", "postgres", "rabbitmq")}
    with Child("children.noop") as noop, Child("children.load") as load:
        here = {"write_key": key, "port": service.port}
        there = {"write_key": key, "port": noop.ask()["port"]}
        times = {"connections": CONNECTIONS, "seconds": SECONDS}
        taken = [load.ask(run="single-visitors", **here, **tracking.ACQUAINT)]
        limits = [load.ask(run="noop-warm-up", **there, connections=CONNECTIONS, seconds=1.0)]
        usages: list[machine.Usage] = []
        for number in range(ROUNDS):
            with machine.measured(groups | {"load": [load.pid]}) as usage:
                taken.append(load.ask(run=f"single-{number}", **here, **times))
            usages.append(usage)
            limits.append(load.ask(run=f"noop-{number}", **there, **times))
    tracking.check_kept(installation, taken)
    return [
        Measured(
            INGEST_SINGLE,
            [one["events_a_second"] for one in taken[1:]],
            [one["events_a_second"] for one in limits[1:]],
            usages,
            {
                "tracking": taken[1:],
                "noop": limits[1:],
            },
        )
    ]


FIGURE = Figure("ingest_single", (INGEST_SINGLE,), measure, at_most_seconds=150)
