"""How contacts react to messages: the open pixel, and links that lead on to where they were meant to."""

import re
from datetime import datetime
from urllib.parse import quote, urlsplit

from canvass_runtime import problem
from canvass_runtime.clock import Clock, monotonic
from canvass_runtime.errors import NotFound
from canvass_runtime.links import Forged, Links
from canvass_runtime.links import Reaction as Signed
from canvass_runtime.metrics import request_seconds
from canvass_schemas.ids import uuid7
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from canvass_tracking.domain.arrivals import Arrival, Reaction, mark_of
from canvass_tracking.domain.model import IncomingEvent
from canvass_tracking.ingest import answers, metrics
from canvass_tracking.ingest.caller import Caller, Headers, caller_of
from canvass_tracking.ingest.context import kept
from canvass_tracking.ingest.forms import pages
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.ingest.limits import Refused
from canvass_tracking.ingest.pixels import GIF, GIF_HEADERS
from canvass_tracking.ingest.refusal import refusal

OPEN, CLICK = "/o/", "/c/"

_BOT = re.compile(rb"bot\b|crawler|spider|preview|facebookexternalhit|slurp|monitor", re.IGNORECASE)
_AHEAD = (b"purpose", b"sec-purpose", b"x-purpose", b"x-moz")
_NO_LINK = "This link was not made here, or was cut on its way."
_NOT_GOT = Refused(405, "method_not_allowed", "This is got.")


class Reactions:
    """An ASGI application: opens and clicks are answered here, everything else by `others`.

    Whoever follows a link gets where it leads, even where that cannot be kept: but only after it was tried.
    """

    def __init__(self, others: ASGIApp, links: Links, group: GroupCommit, clock: Clock) -> None:
        self._others = others
        self._links = links
        self._group = group
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith((OPEN, CLICK)):
            await self._others(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD"):
            await answers.refused(send, _NOT_GOT, b"GET, HEAD")
        elif path.startswith(OPEN):
            await self._opened(scope, send, path.removeprefix(OPEN).removesuffix(".gif"))
        else:
            await self._clicked(scope, receive, send, path.removeprefix(CLICK))

    async def _opened(self, scope: Scope, send: Send, token: str) -> None:
        try:
            signed = self._links.read_open(token)
        except Forged:
            metrics.forged.labels("open").inc()
        else:
            await self._keep(scope, "open", signed, None)
        await answers.answer(send, 200, GIF_HEADERS, GIF)

    async def _clicked(self, scope: Scope, receive: Receive, send: Send, token: str) -> None:
        try:
            signed, url = self._links.read_click(token)
            location = _location(url)
        except (Forged, ValueError):
            metrics.forged.labels("click").inc()
            await _no_link(scope)(scope, receive, send)
            return
        await self._keep(scope, "click", signed, url)
        await answers.answer(send, 302, [(b"location", location), *_NOT_KEPT], b"")

    async def _keep(self, scope: Scope, route: str, signed: Signed, url: str | None) -> None:
        begun, status = monotonic(), 200
        headers: Headers = dict(scope["headers"])
        if scope["method"] == "HEAD" or _is_machine(headers):
            metrics.uncounted.inc()
            return
        try:
            caller = caller_of(scope, headers, is_browser=True)
            arrival = _arrival(signed, url, self._clock.now(), caller)
            await self._group.keep([arrival], 0, caller.traceparent)
        except Exception as error:
            status = refusal(error, route, headers).status
        finally:
            request_seconds.labels("GET", f"/{route}", status).observe(monotonic() - begun)


_NOT_KEPT: answers.Headers = [
    (b"content-length", b"0"),
    (b"cache-control", b"private, no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
]
"""Neither the answer by anybody on the way, nor our address, which holds whom it was sent to, by the site."""


def _arrival(signed: Signed, url: str | None, now: datetime, caller: Caller) -> Arrival:
    """Each time is one of its own."""
    message_id = str(uuid7())
    what = Reaction(
        signed.effect_id,
        signed.channel,
        signed.template,
        signed.campaign,
        signed.journey_id,
        signed.step,
        url,
    )
    who = IncomingEvent(contact_id=signed.contact_id)
    mark = mark_of("link:", message_id)
    return Arrival(now.date(), mark, message_id, who, now, what, kept({}, caller))


def _no_link(scope: Scope) -> Response:
    """404, for people to read or for programs."""
    if b"text/html" in dict(scope["headers"]).get(b"accept", b""):
        page = pages.message_page("There is no such link", _NO_LINK)
        return HTMLResponse(page, 404, headers=dict(pages.PRIVATE_HEADERS))
    return problem.refused(NotFound(_NO_LINK))


def _is_machine(headers: Headers) -> bool:
    """Whether nobody has looked: a browser or a program that follows links on its own."""
    ahead = any(
        b"prefetch" in value or b"prerender" in value or b"preview" in value
        for value in (headers.get(name, b"").lower() for name in _AHEAD)
    )
    return ahead or _BOT.search(headers.get(b"user-agent", b"")[:500]) is not None


def _location(url: str) -> bytes:
    """The address as a header can hold it. Raises ValueError for what is no address of a site."""
    if urlsplit(url).scheme.lower() not in ("http", "https"):
        raise ValueError("only http and https are followed")
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]-._").encode()
