"""How much bulk may go out: queues stay short, and the backlog waits in PostgreSQL, where it is cheap."""

from collections import deque
from collections.abc import Sequence

import structlog
from canvass_runtime.logs import describe
from canvass_schemas.wire import MAX_EVENTS

from .outbox import OutboxRow
from .publisher import NotPublished, Publisher
from .topology import hearers_of, queue_name

UNSETTLED_EVENTS = 50_000
"""Bulk events that may lie in any one queue."""

STEP_EVENTS = 10_000
"""Bulk events published before the queues are looked at again: what several relays may overshoot by, each."""

_REMEMBERED_ROWS = 500

_log = structlog.get_logger(__name__)


class BulkMeter:
    """Counts by wire messages, which is what a broker can tell, and their size as this process sent them."""

    def __init__(self, publisher: Publisher, service: str) -> None:
        self._publisher = publisher
        self._queues = [queue_name(hearer, "bulk") for hearer in hearers_of(service)]
        self._sent: deque[int] = deque(maxlen=_REMEMBERED_ROWS)
        self._last_mean = float(MAX_EVENTS)  # what lies there already may be as large as can be

    def sent(self, rows: Sequence[OutboxRow]) -> None:
        """Take note of what is about to be published."""
        if rows:
            self._sent.extend(row.events for row in rows)
            self._last_mean = sum(row.events for row in rows) / len(rows)

    async def allowed(self) -> int:
        """Events that may be published now."""
        try:
            depths = [await self._publisher.depth(queue) for queue in self._queues]
        except NotPublished as error:
            _log.warning("relay.bulk_depth_unknown", error=describe(error))
            return 0
        unsettled = max(depths, default=0) * self._size()
        return max(0, min(STEP_EVENTS, int(UNSETTLED_EVENTS - unsettled)))

    def _size(self) -> float:
        """Events in a message, rather too many than too few."""
        if not self._sent:
            return self._last_mean
        return max(self._last_mean, sum(self._sent) / len(self._sent))
