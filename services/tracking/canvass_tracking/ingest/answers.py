"""What SDKs are answered, to the letter: they look at the status, and parse no other form than these."""

import re
from collections.abc import Sequence

from pydantic_core import to_json
from starlette.types import Send

from canvass_tracking.ingest import caller
from canvass_tracking.ingest.limits import Refused, Rejection

Headers = list[tuple[bytes, bytes]]

# Nothing here depends on cookies, so any site may call it, and read what it is answered.
ANY_SITE: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after"),
]
_CUSTOMARY = (
    b"authorization, content-type, content-encoding, anonymousid, sentat, x-retry-count, rsa-recovered,"
    b" rsa-retry-attempt, rsa-retry-reason, rsa-since-first-attempt, rsa-since-last-attempt"
)
"""Each by its name: `*` would not cover Authorization."""
_HEADER_NAMES = re.compile(rb"[\w\-, ]{1,1000}")
_SUCCESS = b'{"success":true}'
_SUCCESS_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"16"), *ANY_SITE]


async def taken(send: Send, rejections: Sequence[Rejection]) -> None:
    """200: committed. What was not taken is named: it would fare no better the next time."""
    if not rejections:
        await answer(send, 200, _SUCCESS_HEADERS, _SUCCESS)
        return
    await json(send, 200, {"success": True, "rejected": rejections})


async def refused(send: Send, refusal: Refused, allowed: bytes = b"POST, OPTIONS") -> None:
    """4xx: not taken, and never will be (but for 408 and 429). 5xx: not taken yet."""
    headers = [(b"retry-after", str(refusal.retry_after).encode())] if refusal.retry_after else []
    if refusal.status == 405:
        headers.append((b"allow", allowed))
    await json(send, refusal.status, {"code": refusal.code, "message": refusal.message}, headers)


async def preflight(send: Send, headers: caller.Headers) -> None:
    """204: a browser asks whether a site may call with these headers. It may."""
    requested = headers.get(b"access-control-request-headers", b"")
    allowed = [
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", requested if _HEADER_NAMES.fullmatch(requested) else _CUSTOMARY),
        (b"access-control-max-age", b"86400"),
        (b"vary", b"access-control-request-headers"),
    ]
    await answer(send, 204, [*ANY_SITE, *allowed], b"")


async def json(send: Send, status: int, content: object, headers: Headers | None = None) -> None:
    """Any content, as JSON."""
    body = to_json(content)
    described = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await answer(send, status, [*described, *ANY_SITE, *(headers or [])], body)


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """The whole of an answer."""
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
