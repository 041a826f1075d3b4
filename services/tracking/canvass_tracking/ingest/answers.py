"""What SDKs are answered, to the letter: they look at the status, and parse no other form than these."""

import re
from collections.abc import Sequence

from pydantic_core import to_json
from starlette.types import Send

from canvass_tracking.ingest.limits import Refused, Rejection

Headers = list[tuple[bytes, bytes]]

# Nothing here depends on cookies, so any site may call it. `*` would not cover Authorization.
_ANY_SITE: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after"),
]
_CUSTOMARY = b"authorization, content-type, content-encoding, anonymousid, sentat, x-retry-count"
_HEADER_NAMES = re.compile(rb"[\w\-, ]{1,1000}")
_SUCCESS = b'{"success":true}'
_SUCCESS_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"16"), *_ANY_SITE]


async def taken(send: Send, rejections: Sequence[Rejection]) -> None:
    """200: committed. What was not taken is named: it would fare no better the next time."""
    if not rejections:
        await _send(send, 200, _SUCCESS_HEADERS, _SUCCESS)
        return
    await _json(send, 200, {"success": True, "rejected": rejections})


async def refused(send: Send, refusal: Refused) -> None:
    """4xx: not taken, and never will be (but for 408 and 429). 5xx: not taken yet."""
    headers = [(b"retry-after", str(refusal.retry_after).encode())] if refusal.retry_after else []
    await _json(send, refusal.status, {"code": refusal.code, "message": refusal.message}, headers)


async def preflight(send: Send, requested: bytes | None) -> None:
    """204: a browser asks whether a site may post with these headers. It may."""
    asked = requested if requested and _HEADER_NAMES.fullmatch(requested) else _CUSTOMARY
    allowed = [
        (b"access-control-allow-methods", b"POST, OPTIONS"),
        (b"access-control-allow-headers", asked),
        (b"access-control-max-age", b"86400"),
        (b"vary", b"access-control-request-headers"),
    ]
    await _send(send, 204, [*_ANY_SITE, *allowed], b"")


async def _json(send: Send, status: int, content: object, headers: Headers | None = None) -> None:
    body = to_json(content)
    described = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await _send(send, status, [*described, *_ANY_SITE, *(headers or [])], body)


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
