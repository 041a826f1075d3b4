"""What is told in the query of an address becomes the event that it would be as JSON."""

from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import to_json

from canvass_tracking.ingest.limits import MAX_DEPTH, MAX_EVENT_BYTES, MAX_KEYS, Refused


def event_of(query: bytes) -> bytes:
    """Either `?data=`, base64 (of URLs or not, padded or not) of JSON, or `?event=Read&properties.page=1`.

    Raises Refused (400).
    """
    if len(query) > 2 * MAX_EVENT_BYTES:
        raise Refused(400, "event_too_large", f"An event is at most {MAX_EVENT_BYTES} bytes.")
    try:
        told = parse_qsl(query.decode("ascii"), encoding="utf-8", errors="strict", max_num_fields=MAX_KEYS)
    except ValueError:
        raise Refused(400, "invalid_query", "The query cannot be read, or has too much in it.") from None
    data = next((value for name, value in told if name == "data"), None)
    return _decoded(data) if data is not None else to_json(_nested(told))


def _decoded(data: str) -> bytes:
    alphabet = data.strip().replace(" ", "-").replace("+", "-").replace("/", "_").rstrip("=")
    try:
        return urlsafe_b64decode(alphabet + "=" * (-len(alphabet) % 4))
    except ValueError:
        raise Refused(400, "invalid_data", "`data` must be an event's JSON in base64.") from None


def _nested(told: list[tuple[str, str]]) -> dict[str, Any]:
    """Objects, by the dots in names. Where a name is both a value and an object, what came first stays."""
    event: dict[str, Any] = {}
    for name, value in told:
        *above, last = name.split(".")
        if len(above) > MAX_DEPTH:
            raise Refused(400, "too_deep", f"An event is at most {MAX_DEPTH} levels deep.")
        inner: Any = event
        for part in above:
            inner = inner.setdefault(part, {}) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner.setdefault(last, value)
    return event
