"""How many events a second tracking takes in bodies of 100."""

import asyncio

from tests.bench import copying, machine, tracking
from tests.bench.child import Child
from tests.bench.figure import Definition, Figure, Measured
from tests.bench.installation import Installation

ROUNDS = 5
SECONDS = 4.0
CONNECTIONS = 8
EVENTS_A_BODY = 100
COPIED_EVENTS = 50_000

INGEST_BATCHED = Definition(
    name="ingest_batched",
    unit="events/s",
    what=(
        f"durable events in bodies of {EVENTS_A_BODY} to `/v1/batch`, page views and tracked events by "
        f"turns, over {CONNECTIONS} connections; else as `ingest_single`"
    ),
    limit=(
        "asyncpg COPY, on one connection, of the rows that tracking wrote for such events (marks, outbox, "
        "new contacts and identities) to tables of the same shape and indexes"
    ),
    floor=0.06,
    goal=0.15,
)


def measure(installation: Installation) -> list[Measured]:
    """Raises ArithmeticError when not exactly what was acknowledged is stored."""
    service, key = installation.run_alone("tracking"), installation.write_key()
    groups = {name: installation.roots(name) for name in ("tracking", "postgres", "rabbitmq")}
    with Child("children.load") as load:
        here = {"write_key": key, "port": service.port}
        times = {"connections": CONNECTIONS, "seconds": SECONDS, "events_a_body": EVENTS_A_BODY}
        taken = [load.ask(run="batch-visitors", **here, **tracking.ACQUAINT)]
        written = asyncio.run(
            copying.read(service.database_url, installation.stack.rabbitmq_url, COPIED_EVENTS)
        )
        limits: list[dict[str, float]] = []
        usages: list[machine.Usage] = []
        for number in range(ROUNDS):
            with machine.measured(groups | {"load": [load.pid]}) as usage:
                taken.append(load.ask(run=f"batch-{number}", **here, **times))
            usages.append(usage)
            limits.append(asyncio.run(copying.copy(installation.superuser_url, written)))
    tracking.check_kept(installation, taken)
    return [
        Measured(
            INGEST_BATCHED,
            [one["events_a_second"] for one in taken[1:]],
            [written.events / sum(seconds.values()) for seconds in limits],
            usages,
            {
                "tracking": taken[1:],
                "copied_rows": {table: len(rows) for table, rows in written.rows.items()},
                "copy_seconds": limits,
            },
        )
    ]


FIGURE = Figure("ingest_batched", (INGEST_BATCHED,), measure, at_most_seconds=150)
