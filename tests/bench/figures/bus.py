"""How many events a second come from one service's outbox to the commit of another service's handler."""

import asyncio
from typing import Any

import asyncpg

from tests.bench import machine
from tests.bench.child import Child
from tests.bench.figure import Definition, Figure, Measured
from tests.bench.installation import Installation

ROUNDS = 5
EVENTS = 80_000
WARM_UP_EVENTS = 10_000

BUS = Definition(
    name="bus",
    unit="events/s",
    what=(
        "from `say` in one process to the commit of another's handler, which inserts a row an event: "
        "100 events a message and a transaction, over the outbox, the relay, RabbitMQ (quorum queue and "
        f"journal) and the inbox; {EVENTS:,} events by the time from the first `say` to the last commit"
    ),
    floor=8_000,
    goal=20_000,
)


def measure(installation: Installation) -> list[Measured]:
    """Raises ArithmeticError when events were lost or doubled on the way."""
    urls = installation.fresh_database("bus"), installation.fresh_vhost("bus")
    with Child("children.bus", "hearer", *urls) as hearer:
        hearer.ask(events=0)  # its queue must be there before anything is said
        with Child("children.bus", "speaker", *urls) as speaker:
            groups = {
                "speaker": [speaker.pid],
                "hearer": [hearer.pid],
                "postgres": installation.roots("postgres"),
                "rabbitmq": installation.roots("rabbitmq"),
            }
            _round(speaker, hearer, WARM_UP_EVENTS)
            with machine.measured(groups) as usage:
                rounds = [_round(speaker, hearer, EVENTS) for _ in range(ROUNDS)]
    asyncio.run(_check(urls[0], WARM_UP_EVENTS + ROUNDS * EVENTS))
    details = {
        "events_a_batch": round(ROUNDS * EVENTS / sum(one["batches"] for one in rounds)),
    }
    return [Measured(BUS, [EVENTS / one["seconds"] for one in rounds], usages=[usage], details=details)]


def _round(speaker: Child, hearer: Child, events: int) -> dict[str, Any]:
    hearer.tell(events=events)
    said = speaker.ask(events=events)
    heard = hearer.answer()
    return {"seconds": heard["ended"] - said["began"], "batches": heard["batches"]}


async def _check(database_url: str, events: int) -> None:
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        kept = await connection.fetchval("SELECT count(*) FROM hearer.views")
        unsaid = await connection.fetchval("SELECT count(*) FROM speaker.outbox")
        spoilt = await connection.fetchval("SELECT count(*) FROM hearer.retries")
    finally:
        await connection.close()
    if (kept, unsaid, spoilt) != (events, 0, 0):
        raise ArithmeticError(f"of {events} events {kept} arrived; {unsaid} unsaid, {spoilt} set aside")


FIGURE = Figure("bus", (BUS,), measure, at_most_seconds=120)
