"""One event, judged: what it must have, what it may be, and what tracking makes of it."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from canvass_schemas.ids import uuid7

from canvass_tracking.domain.arrivals import Arrival, Happening, PageView, What, day_of, mark_of
from canvass_tracking.domain.identities import email_of
from canvass_tracking.domain.model import IncomingEvent
from canvass_tracking.domain.skew import happened_at
from canvass_tracking.ingest.limits import (
    MAX_DEPTH,
    MAX_ID,
    MAX_KEYS,
    MAX_MESSAGE_ID,
    MAX_NAME,
    MAX_PATH,
    Rejected,
)
from canvass_tracking.ingest.parse import Posted
from canvass_tracking.ingest.times import read_time

_FLAT = frozenset({str, int, float, bool, type(None)})


class Request(NamedTuple):
    """What holds for all events of one request."""

    source_id: int
    trusted: bool
    received: datetime
    sent: datetime | None
    page: Any
    """Of the batch's own context: for events that have none."""
    nul: bool
    """Whether there may be NUL characters, which PostgreSQL cannot keep, somewhere in the body."""


def judge(posted: Posted, request: Request, kind: object) -> Arrival:
    """What tracking makes of an event of a kind: `track`, `page` or `identify`. Raises Rejected."""
    message_id = _id(posted.get("messageId"), "messageId", MAX_MESSAGE_ID, request.nul) or str(uuid7())
    what = _what(posted, kind, request)
    who = _who(posted, request, _object(posted, "traits", request.nul) if kind == "identify" else {})
    original = read_time(posted.get("originalTimestamp")) or read_time(posted.get("timestamp"))
    sent = request.sent or read_time(posted.get("sentAt"))
    return Arrival(
        day_of(original),
        mark_of(request.source_id, message_id),
        message_id,
        who,
        happened_at(original, sent, request.received),
        what,
    )


def _what(posted: Posted, kind: object, request: Request) -> What:
    match kind:
        case "track":
            name = _text(posted.get("event"), request.nul)
            if not name or len(name) > MAX_NAME:
                raise Rejected("invalid_event", f"`event` must name it, in at most {MAX_NAME} characters.")
            return Happening(name, _object(posted, "properties", request.nul))
        case "page":
            return _page_view(posted, request)
        case "identify":
            return None
        case _:
            raise Rejected("unsupported_type", "`type` must be track, page or identify.")


def _page_view(posted: Posted, request: Request) -> PageView:
    """A page, with what the SDK says of every page taken out of its properties."""
    properties = _object(posted, "properties", request.nul)
    around = (posted.get("context") or {}).get("page") or request.page
    where: Mapping[str, Any] = around if isinstance(around, dict) else {}
    nul = request.nul
    url = _text(properties.pop("url", None) or where.get("url"), nul)
    path = _text(properties.pop("path", None) or where.get("path"), nul) or _path_of(url or "")
    if len(path) > MAX_PATH:
        raise Rejected("invalid_event", f"`path` is at most {MAX_PATH} characters.")
    title = _text(properties.pop("title", None) or where.get("title"), nul)
    referrer = _text(properties.pop("referrer", None) or where.get("referrer"), nul)
    if name := _text(posted.get("name"), nul):
        properties.setdefault("name", name)
    return PageView(path, url, title, referrer, properties)


def _path_of(url: str) -> str:
    """`/pricing`, of `https://example.com/pricing?a=b#c`."""
    behind = url.partition("//")[2] or url
    slash = behind.find("/")
    return behind[slash:].partition("#")[0].partition("?")[0] if slash >= 0 else "/" if url else ""


def _who(posted: Posted, request: Request, traits: dict[str, Any]) -> IncomingEvent:
    user_id = _id(posted.get("userId"), "userId", MAX_ID, request.nul)
    anonymous_id = _id(posted.get("anonymousId"), "anonymousId", MAX_ID, request.nul)
    if not user_id and not anonymous_id and not email_of(traits):
        raise Rejected("no_user_anon_id", "An event needs a `userId` or an `anonymousId`.")
    return IncomingEvent(anonymous_id, user_id, traits, request.trusted)


def _id(value: Any, name: str, limit: int, nul: bool) -> str | None:
    """An identifier: text, or a number that is meant as one. None when it is missing, null or empty."""
    if type(value) is str and len(value) <= limit and not nul:
        return value or None  # nearly all
    if type(value) is int:
        value = str(value)
    if not value and value is not False:
        return None
    if type(value) is not str or len(value) > limit:
        raise Rejected("invalid_id", f"`{name}` must be text of at most {limit} characters.")
    return _without_nul(value) if nul else value


def _text(value: Any, nul: bool) -> str | None:
    """A text; None for what is none."""
    if type(value) is not str:
        return None
    return _without_nul(value) if nul else value


def _object(posted: Posted, name: str, nul: bool) -> dict[str, Any]:
    found: Any = posted.get(name)  # type: ignore[misc]
    if found is None:
        return {}
    if type(found) is not dict:
        raise Rejected("invalid_event", f"`{name}` must be an object.")
    told: dict[str, Any] = found
    kinds = set(map(type, told.values()))
    flat = kinds <= _FLAT and not (float in kinds and any(map(_is_odd, told.values())))
    if nul or len(told) > MAX_KEYS or not flat:
        _weigh(told, _without_nul if nul else None)
    return told


def _is_odd(value: Any) -> bool:
    """Whether it is a number that JSON has not, though parsers take it."""
    return type(value) is float and not math.isfinite(value)


def _weigh(told: dict[str, Any], look: Callable[[str], str] | None) -> None:
    """Look at every value inside. Raises Rejected for what is too deep, too much, or cannot be kept."""
    keys = 0
    level: list[Any] = [told]
    for _ in range(MAX_DEPTH):
        keys += sum(len(value) for value in level if type(value) is dict)
        if keys > MAX_KEYS:
            raise Rejected("too_many_keys", f"An event has at most {MAX_KEYS} keys.")
        level = [inner for value in level for inner in _inside(value)]
        for value in level:
            if _is_odd(value):
                raise Rejected("invalid_number", "NaN and Infinity are no JSON, and neither is 1e999.")
            if look and type(value) is str:
                look(value)
        level = [value for value in level if type(value) is dict or type(value) is list]
        if not level:
            return
    raise Rejected("too_deep", f"An event is at most {MAX_DEPTH} levels deep.")


def _inside(value: Any) -> list[Any]:
    """The values in a list, the names and values in an object."""
    return value if type(value) is list else [*value.keys(), *value.values()]


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise Rejected("invalid_characters", "`\\u0000` cannot be kept.")
    return text
