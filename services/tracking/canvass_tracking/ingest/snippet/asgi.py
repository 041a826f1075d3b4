"""What browser SDKs load: answered here; everything else is left to the next application."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from canvass_tracking.ingest import answers
from canvass_tracking.ingest.caller import Headers
from canvass_tracking.ingest.limits import Refused
from canvass_tracking.ingest.refusal import refusal
from canvass_tracking.ingest.snippet import files
from canvass_tracking.ingest.snippet.replies import rudder_config, segment_settings
from canvass_tracking.ingest.write_keys import WriteKeys, of_header
from canvass_tracking.store.sources import Source

_SETTINGS = re.compile(r"/v1/projects/([^/]{1,255})/settings")
_MAIN = re.compile(r"/analytics\.js/v1/[^/]{1,255}/analytics(?:\.min)?\.js")
_CHUNK = re.compile(r"/analytics-next/bundles/([^/]{1,255})")
_CONFIG = re.compile(r"/sourceConfig/?")
_HOST = re.compile(r"[\w.-]{1,253}(:\d{1,5})?|\[[\da-fA-F:.]{2,45}\](:\d{1,5})?", re.ASCII)

_FIVE_MINUTES = b"public, max-age=300"
_FOR_EVER = b"public, max-age=31536000, immutable"
_METHODS = ("GET", "HEAD")

Reply = Callable[[Source], object]


class Snippet:
    """An ASGI application: settings, configurations and scripts are answered here, the rest by `others`."""

    def __init__(self, others: ASGIApp, write_keys: WriteKeys, public_url: str | None) -> None:
        """`public_url` is where browsers reach this service; else it is what each request was sent to."""
        self._others = others
        self._write_keys = write_keys
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"] if scope["type"] == "http" else ""
        found = next((match for one in _ROUTES if (match := one.fullmatch(path))), None)
        if found is None:
            await self._others(scope, receive, send)
            return
        headers: Headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            await answers.preflight(send, headers)
            return
        try:
            if scope["method"] not in _METHODS:
                raise Refused(405, "method_not_allowed", "This is got.")
            await self._answer(found, scope, headers, send)
        except Exception as error:
            refused = refusal(error, "snippet", headers)
            await answers.refused(send, refused, b"GET, HEAD, OPTIONS")

    async def _answer(self, found: re.Match[str], scope: Scope, headers: Headers, send: Send) -> None:
        if found.re is _MAIN:
            await _script(send, files.main(), headers, _FIVE_MINUTES)
        elif found.re is _CHUNK:
            chunk = files.chunk(found[1])
            if chunk is None:
                raise Refused(404, "not_found", "The SDK has no such part.")
            await _script(send, chunk, headers, _FOR_EVER)
        elif found.re is _SETTINGS:
            address = self._public_url or _address(scope, headers)
            await self._tell(send, found[1], lambda source: segment_settings(source, address))
        else:
            asked = parse_qs(scope["query_string"].decode("latin-1")).get("writeKey", [None])[0]
            await self._tell(send, of_header(headers) or asked, rudder_config)

    async def _tell(self, send: Send, write_key: str | None, reply: Reply) -> None:
        source = await self._write_keys.source_of(write_key)
        await answers.json(send, 200, reply(source), [(b"cache-control", _FIVE_MINUTES), (b"vary", b"host")])


_ROUTES = (_SETTINGS, _MAIN, _CHUNK, _CONFIG)


def _address(scope: Scope, headers: Headers) -> str:
    """What the browser sent this request to, without the path."""
    host = headers.get(b"host", b"").decode("latin-1")
    if not _HOST.fullmatch(host):
        raise Refused(400, "invalid_host", "The Host header names no host.")
    return f"{scope['scheme']}://{host}"


async def _script(send: Send, script: files.File, headers: Headers, cached: bytes) -> None:
    described: answers.Headers = [
        (b"content-type", b"text/javascript; charset=utf-8"),
        (b"cache-control", cached),
        (b"etag", script.etag),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        *answers.ANY_SITE,
    ]
    if script.etag in headers.get(b"if-none-match", b""):
        await answers.answer(send, 304, described, b"")
        return
    content = script.content
    if b"gzip" in headers.get(b"accept-encoding", b""):
        content = script.packed
        described.append((b"content-encoding", b"gzip"))
    described.append((b"content-length", str(len(content)).encode()))
    await answers.answer(send, 200, described, content)
