"""Where SDKs post, and what comes there. The letters are those of Segment's browser SDK."""

from collections.abc import Mapping
from typing import Literal

Kind = Literal["track", "identify", "page", "screen", "group", "alias", "merge"]
"""What one event may be."""

Body = Literal["batch", "import", "ignored"] | Kind
"""What the body of a request is: many events, one, or what SDKs tell of themselves, which concerns nobody."""

KINDS: Mapping[str, Kind] = {
    "track": "track",
    "identify": "identify",
    "page": "page",
    "screen": "screen",
    "group": "group",
    "alias": "alias",
    "merge": "merge",
}

ROUTES: Mapping[str, Body] = {
    "/v1/batch": "batch",
    "/v1/b": "batch",
    "/beacon/v1/batch": "batch",
    "/v1/import": "import",
    **{f"/v1/{kind}": kind for kind in KINDS.values()},
    "/v1/t": "track",
    "/v1/i": "identify",
    "/v1/p": "page",
    "/v1/s": "screen",
    "/v1/g": "group",
    "/v1/a": "alias",
    "/v1/m": "ignored",
    "/rsaMetrics": "ignored",
    "/rsaRequest": "ignored",
}

PIXELS: Mapping[str, Kind] = {
    **{f"/v1/pixel/{kind}": kind for kind in KINDS.values() if kind != "merge"},
    "/pixel/v1/track": "track",
    "/pixel/v1/page": "page",
}
"""What is told by asking for an image: `/v1/pixel` is Segment's, `/pixel/v1` RudderStack's."""
