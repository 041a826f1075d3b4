"""The routes that SDKs post to; everything else is left to the next application."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from canvass_runtime.clock import Clock, monotonic
from canvass_runtime.db import is_transient
from canvass_runtime.metrics import request_seconds
from starlette.types import ASGIApp, Receive, Scope, Send

from canvass_tracking.domain.arrivals import Arrival
from canvass_tracking.ingest import answers, metrics
from canvass_tracking.ingest.body import Gone, Room, declared_length, read_body
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.ingest.judge import Request, judge
from canvass_tracking.ingest.limits import Refused, Rejected, Rejection, too_large, unavailable
from canvass_tracking.ingest.parse import Read
from canvass_tracking.ingest.reading import Reader
from canvass_tracking.ingest.times import read_time
from canvass_tracking.ingest.write_keys import WriteKeys, of_header, of_query
from canvass_tracking.store.sources import Source

ROUTES: Mapping[str, str] = {
    "/v1/batch": "batch",
    "/v1/b": "batch",
    "/v1/track": "track",
    "/v1/t": "track",
    "/v1/identify": "identify",
    "/v1/i": "identify",
    "/v1/page": "page",
    "/v1/p": "page",
}
"""The short ones are those of Segment's browser SDK."""

_NUL = b"\\u0000"
_log = structlog.get_logger(__name__)


class Ingest:
    """An ASGI application: `ROUTES` are answered here, what is not among them by `others`."""

    def __init__(
        self, others: ASGIApp, write_keys: WriteKeys, group: GroupCommit, clock: Clock, max_bytes: int
    ) -> None:
        self._others = others
        self._write_keys = write_keys
        self._group = group
        self._clock = clock
        self._max_bytes = max_bytes
        self._reader = Reader()
        self._room = Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        kind = ROUTES.get(scope["path"]) if scope["type"] == "http" else None
        if kind is None:
            await self._others(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await answers.preflight(send, dict(scope["headers"]).get(b"access-control-request-headers"))
        else:
            await self._answer(scope, receive, send, kind)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, kind: str) -> None:
        begun, status = monotonic(), 200
        try:
            await answers.taken(send, await self._take(scope, receive, kind))
        except Gone:
            status = 499
        except Exception as error:
            refusal = _refusal(error)
            status = refusal.status
            metrics.refused.labels(refusal.code).inc()
            _log.info("ingest.refused", route=kind, status=status, code=refusal.code)
            await answers.refused(send, refusal)
        finally:
            request_seconds.labels(scope["method"], f"/v1/{kind}", status).observe(monotonic() - begun)

    async def _take(self, scope: Scope, receive: Receive, kind: str) -> list[Rejection]:
        """What cannot be taken of a request, once the rest is committed. Raises Refused, or Gone."""
        self._refuse_early(scope)
        key = of_header(scope["headers"])
        source = await self._write_keys.source_of(key) if key else None
        with self._room.taken(declared_length(scope["headers"]) or self._max_bytes):
            body = await read_body(receive, self._max_bytes)
        received = self._clock.now()
        read = await self._reader.read(body, batch=kind == "batch")
        if source is None:
            source = await self._write_keys.source_of(_inner_key(read) or of_query(scope["query_string"]))
        arrivals, rejections = _judged(read, _request(source, read, received, body), kind)
        if rejections:
            _count(rejections, source)
        if arrivals:
            await self._group.keep(arrivals, len(body), _traceparent(scope))
            metrics.taken.inc(len(arrivals))
        elif rejections:  # nothing was good: SDKs drop it all the same, and whoever debugs them sees it
            raise Refused(400, rejections[0].code, rejections[0].message)
        return rejections

    def _refuse_early(self, scope: Scope) -> None:
        """Raises Refused for what need not be read to be refused."""
        if scope["method"] != "POST":
            raise Refused(405, "method_not_allowed", "Events are posted.")
        if declared_length(scope["headers"]) > self._max_bytes:
            raise too_large(self._max_bytes)
        self._group.refuse_if_full()


def _request(source: Source, read: Read, received: datetime, body: bytes) -> Request:
    sent = read_time(read.whole.get("sentAt"))
    page = (read.whole.get("context") or {}).get("page")
    return Request(source.id, source.trusted, received, sent, page, _NUL in body)


def _traceparent(scope: Scope) -> str | None:
    """The trace that the sender is in."""
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)


def _inner_key(read: Read) -> str | None:
    """The write key in the body, or in its first event."""
    keys = [read.whole.get("writeKey"), *(posted.get("writeKey") for _, posted in read.events[:1])]
    return next((key for key in keys if isinstance(key, str) and key), None)


def _judged(read: Read, request: Request, kind: str) -> tuple[list[Arrival], list[Rejection]]:
    arrivals: list[Arrival] = []
    rejections = list(read.unreadable)
    for index, posted in read.events:
        try:
            arrivals.append(judge(posted, request, posted.get("type") if kind == "batch" else kind))
        except Rejected as error:
            rejections.append(Rejection(index, error.code, error.message))
    return arrivals, sorted(rejections) if rejections else rejections


def _count(rejections: list[Rejection], source: Source) -> None:
    for rejection in rejections:
        metrics.rejected.labels(rejection.code).inc()
    codes = sorted({rejection.code for rejection in rejections})
    _log.info("ingest.rejected", source=source.key, events=len(rejections), codes=codes)


def _refusal(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if is_transient(error):
        _log.warning("ingest.unavailable", exc_info=error)
        return unavailable()
    _log.error("ingest.failed", exc_info=error)
    return Refused(500, "internal_error", "This is our fault, and is logged. Send it again later.")
