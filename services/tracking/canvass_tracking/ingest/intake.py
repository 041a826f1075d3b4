"""What was posted is taken in: whose it is, what events it holds, each judged, the good ones kept."""

from collections.abc import Mapping
from typing import Any

import structlog
from canvass_runtime.clock import Clock

from canvass_tracking.domain.arrivals import Arrival
from canvass_tracking.ingest import metrics
from canvass_tracking.ingest.caller import Caller
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.ingest.judge import Request, judge
from canvass_tracking.ingest.limits import Refused, Rejected, Rejection
from canvass_tracking.ingest.parse import Read
from canvass_tracking.ingest.reading import Reader
from canvass_tracking.ingest.routes import Body
from canvass_tracking.ingest.times import read_time
from canvass_tracking.ingest.whom import Trust
from canvass_tracking.ingest.write_keys import WriteKeys, of_query
from canvass_tracking.store.sources import Source

_NUL = b"\\u0000"
_MANY = ("batch", "import")
_NOTHING: Mapping[str, Any] = {}
_log = structlog.get_logger(__name__)


class Intake:
    """All doors of the edge lead here."""

    def __init__(self, write_keys: WriteKeys, group: GroupCommit, clock: Clock) -> None:
        self.write_keys = write_keys
        self._group = group
        self._clock = clock
        self._reader = Reader()

    def refuse_if_full(self) -> None:
        """Raises Refused (429) when nothing more can be taken just now."""
        self._group.refuse_if_full()

    async def take(
        self, kind: Body, body: bytes, source: Source | None, query: bytes, caller: Caller
    ) -> list[Rejection]:
        """What cannot be taken of a body, once the rest is committed.

        Without a `source` the write key is looked for in the body, then in the query. Raises Refused.
        """
        received = self._clock.now()
        read = await self._reader.read(body, batch=kind in _MANY)
        if source is None:
            source = await self.write_keys.source_of(_inner_key(read) or of_query(query))
        sent, context = read_time(read.whole.get("sentAt")), read.whole.get("context") or _NOTHING
        request = Request(
            source.id, _trust(source), received, sent, context, _NUL in body, caller, kind == "import"
        )
        arrivals, rejections = _judged(read, request, kind)
        if rejections:
            _count(rejections, source)
        if arrivals:
            await self._group.keep(arrivals, len(body), caller.traceparent)
            metrics.taken.inc(len(arrivals))
        elif rejections:  # nothing was good: SDKs drop it all the same, and whoever debugs them sees it
            raise Refused(400, rejections[0].code, rejections[0].message)
        return rejections


def _trust(source: Source) -> Trust:
    return Trust(source.trusted, source.secret, source.phone_region)


def _inner_key(read: Read) -> str | None:
    """The write key in the body, or in its first event."""
    keys = [read.whole.get("writeKey"), *(posted.get("writeKey") for _, posted in read.events[:1])]
    return next((key for key in keys if isinstance(key, str) and key), None)


def _judged(read: Read, request: Request, kind: Body) -> tuple[list[Arrival], list[Rejection]]:
    arrivals: list[Arrival] = []
    rejections = list(read.unreadable)
    for index, posted in read.events:
        try:
            arrivals.append(judge(posted, request, posted.get("type") if kind in _MANY else kind))
        except Rejected as error:
            rejections.append(Rejection(index, error.code, error.message))
    return arrivals, sorted(rejections) if rejections else rejections


def _count(rejections: list[Rejection], source: Source) -> None:
    for rejection in rejections:
        metrics.rejected.labels(rejection.code).inc()
    codes = sorted({rejection.code for rejection in rejections})
    _log.info("ingest.rejected", source=source.key, events=len(rejections), codes=codes)
