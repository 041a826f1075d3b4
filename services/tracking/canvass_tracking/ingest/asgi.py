"""The routes that SDKs post to; everything else is left to the next application."""

from canvass_runtime.clock import monotonic
from canvass_runtime.metrics import request_seconds
from starlette.types import ASGIApp, Receive, Scope, Send

from canvass_tracking.ingest import answers, metrics
from canvass_tracking.ingest.body import Gone, Room, declared_length, read_body
from canvass_tracking.ingest.caller import Headers, caller_of
from canvass_tracking.ingest.intake import Intake
from canvass_tracking.ingest.limits import Refused, Rejection, too_large
from canvass_tracking.ingest.refusal import refusal
from canvass_tracking.ingest.routes import ROUTES, Body
from canvass_tracking.ingest.write_keys import of_header


class Ingest:
    """An ASGI application: `ROUTES` are answered here, what is not among them by `others`."""

    def __init__(self, others: ASGIApp, intake: Intake, max_bytes: int) -> None:
        self._others = others
        self._intake = intake
        self._max_bytes = max_bytes
        self._room = Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        kind = ROUTES.get(scope["path"]) if scope["type"] == "http" else None
        if kind is None:
            await self._others(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await answers.preflight(send, dict(scope["headers"]))
        else:
            await self._answer(scope, receive, send, kind)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, kind: Body) -> None:
        begun, status = monotonic(), 200
        headers: Headers = dict(scope["headers"])
        if headers.get(b"x-retry-count", b"0") != b"0":
            metrics.retried.inc()
        try:
            taking = self._drop if kind == "ignored" else self._take
            await answers.taken(send, await taking(scope, receive, kind, headers))
        except Gone:
            status = 499
        except Exception as error:
            refused = refusal(error, kind, headers)
            status = refused.status
            await answers.refused(send, refused)
        finally:
            request_seconds.labels(scope["method"], f"/v1/{kind}", status).observe(monotonic() - begun)

    async def _take(self, scope: Scope, receive: Receive, kind: Body, headers: Headers) -> list[Rejection]:
        """What cannot be taken of a request, once the rest is committed. Raises Refused, or Gone."""
        self._refuse_early(scope["method"], headers)
        self._intake.refuse_if_full()
        key = of_header(headers)
        source = await self._intake.write_keys.source_of(key) if key else None
        with self._room.taken(declared_length(headers) or self._max_bytes):
            body = await read_body(receive, self._max_bytes)
        return await self._intake.take(kind, body, source, scope["query_string"], caller_of(scope, headers))

    async def _drop(self, scope: Scope, receive: Receive, _: Body, headers: Headers) -> list[Rejection]:
        """What SDKs tell of themselves is read, as they wait for that, and kept nowhere."""
        self._refuse_early(scope["method"], headers)
        with self._room.taken(declared_length(headers) or self._max_bytes):
            await read_body(receive, self._max_bytes)
        return []

    def _refuse_early(self, method: str, headers: Headers) -> None:
        """Raises Refused for what need not be read to be refused."""
        if method != "POST":
            raise Refused(405, "method_not_allowed", "Events are posted.")
        if declared_length(headers) > self._max_bytes:
            raise too_large(self._max_bytes)
