"""How much bulk may go out: queues stay short, and the backlog waits in PostgreSQL, where it is cheap."""

from collections.abc import Sequence

import structlog
from canvass_runtime.logs import describe
from canvass_schemas.catalogue import heard_by_of

from .outbox import OutboxRow
from .publisher import NotPublished, Publisher
from .topology import queue_name

UNSETTLED_EVENTS = 50_000
"""Bulk events that may lie in any one queue."""

_log = structlog.get_logger(__name__)


class BulkMeter:
    """Counts by wire messages, which is what a broker can tell, at the mean size of those last sent."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._queues: set[str] = set()
        self._mean_events = 1.0

    def sent(self, rows: Sequence[OutboxRow]) -> None:
        """Take note of what is about to be published: whose queues it goes to, and how large it is."""
        if not rows:
            return
        self._mean_events = max(1.0, sum(row.events for row in rows) / len(rows))
        for row in rows:
            self._queues |= {queue_name(service, row.lane) for service in heard_by_of(row.type)}

    async def allowed(self, at_most: int) -> int:
        """Wire messages that may be published now."""
        try:
            depths = [await self._publisher.depth(queue) for queue in sorted(self._queues)]
        except NotPublished as error:
            _log.warning("relay.bulk_depth_unknown", error=describe(error))
            return 0
        room = UNSETTLED_EVENTS - max(depths, default=0) * self._mean_events
        return max(0, min(at_most, int(room / self._mean_events)))
