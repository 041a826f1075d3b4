"""Images that tell an event by being asked for: in e-mails, and in pages where no script runs."""

from base64 import b64decode

from canvass_runtime.clock import monotonic
from canvass_runtime.metrics import request_seconds
from starlette.types import ASGIApp, Receive, Scope, Send

from canvass_tracking.ingest import answers
from canvass_tracking.ingest.caller import caller_of
from canvass_tracking.ingest.intake import Intake
from canvass_tracking.ingest.limits import Refused
from canvass_tracking.ingest.query import event_of
from canvass_tracking.ingest.refusal import refusal
from canvass_tracking.ingest.routes import PIXELS, Kind
from canvass_tracking.ingest.write_keys import of_header

GIF = b64decode(b"R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
"""One transparent pixel, in 43 bytes."""

GIF_HEADERS: answers.Headers = [
    (b"content-type", b"image/gif"),
    (b"content-length", str(len(GIF)).encode()),
    (b"cache-control", b"private, no-cache, no-store, proxy-revalidate"),
    (b"expires", b"Thu, 01 Jan 1970 00:00:00 GMT"),
    (b"pragma", b"no-cache"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    *answers.ANY_SITE,
]
"""Whoever keeps the image tells us nothing the next time."""


class Pixels:
    """An ASGI application: `PIXELS` are answered here, what is not among them by `others`."""

    def __init__(self, others: ASGIApp, intake: Intake) -> None:
        self._others = others
        self._intake = intake

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: with the image, whatever becomes of the event."""
        kind = PIXELS.get(scope["path"]) if scope["type"] == "http" else None
        if kind is None:
            await self._others(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await answers.preflight(send, dict(scope["headers"]))
        elif scope["method"] not in ("GET", "HEAD"):
            not_got = Refused(405, "method_not_allowed", "An image is got.")
            await answers.refused(send, not_got, b"GET, HEAD, OPTIONS")
        else:
            if scope["method"] == "GET":  # HEAD shows nothing to anybody
                await self._take(scope, kind)
            await answers.answer(send, 200, GIF_HEADERS, GIF)

    async def _take(self, scope: Scope, kind: Kind) -> None:
        begun, status = monotonic(), 200
        headers = dict(scope["headers"])
        try:
            event, key = event_of(scope["query_string"]), of_header(headers)
            source = await self._intake.write_keys.source_of(key) if key else None
            caller = caller_of(scope, headers, is_browser=True)
            await self._intake.take(kind, event, source, scope["query_string"], caller)
        except Exception as error:
            status = refusal(error, f"pixel/{kind}", headers).status
        finally:
            request_seconds.labels("GET", f"/v1/pixel/{kind}", status).observe(monotonic() - begun)
