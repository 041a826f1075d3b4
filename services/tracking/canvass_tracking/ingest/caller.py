"""Who posts: what the headers of a request say beside its events."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from starlette.types import Scope

from canvass_tracking.ingest.times import read_time

Headers = Mapping[bytes, bytes]


class Caller(NamedTuple):
    """The one at the other end. For a browser that is the contact itself, for a server it is not."""

    ip: str | None = None
    """The address that the request came from. X-Forwarded-For is believed of those in FORWARDED_ALLOW_IPS."""
    is_browser: bool = False
    privacy: Mapping[str, bool] | None = None
    """What the browser asks for, if it asks for anything."""
    sent: datetime | None = None
    """Of the header that RudderStack's browser SDK sends."""
    traceparent: str | None = None
    """The trace that the sender is in."""


def caller_of(scope: Scope, headers: Headers, *, is_browser: bool = False) -> Caller:
    """Browsers say from which site they post, and nothing else does."""
    client = scope.get("client")
    sent, trace = headers.get(b"sentat"), headers.get(b"traceparent")
    return Caller(
        client[0] if client else None,
        is_browser or b"origin" in headers or b"sec-fetch-site" in headers,
        _privacy(headers),
        read_time(sent.decode("latin-1")) if sent else None,
        trace.decode("latin-1") if trace else None,
    )


def _privacy(headers: Headers) -> Mapping[str, bool] | None:
    """Global Privacy Control and Do Not Track: SDKs say nothing of them, browsers do."""
    if b"sec-gpc" not in headers and b"dnt" not in headers:
        return None
    asked = {"gpc": headers.get(b"sec-gpc") == b"1", "dnt": headers.get(b"dnt") == b"1"}
    return asked if any(asked.values()) else None
