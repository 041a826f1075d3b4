"""One commit of a group: a transaction, done again when another process came first."""

from collections.abc import Sequence

from canvass_runtime.clock import Clock
from canvass_runtime.db import Database
from canvass_runtime.telemetry import consume_span

from canvass_tracking.domain.arrivals import Arrival
from canvass_tracking.ingest import metrics
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.store.contacts import Raced
from canvass_tracking.use_cases import taking

RACES = 20
"""So often in a row another process cannot have come first: each time it has got on."""


def committing(database: Database, clock: Clock) -> GroupCommit:
    """The group commit of this process."""

    async def commit(arrivals: Sequence[Arrival], traceparents: Sequence[str]) -> None:
        with consume_span("ingest.commit", traceparents):
            for _ in range(RACES):
                try:
                    await _commit(database, clock, arrivals)
                except Raced:
                    metrics.raced.inc()
                else:
                    return
        raise TimeoutError("other processes always came first")

    return GroupCommit(commit)


async def _commit(database: Database, clock: Clock, arrivals: Sequence[Arrival]) -> None:
    async with database.transaction() as tx:
        taken = await taking.take(tx, arrivals, clock.now())
    metrics.commit_events.observe(len(arrivals))
    metrics.repeated.inc(len(arrivals) - taken)
