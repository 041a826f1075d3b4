"""What each kind of event tells: what was done, and what is to be known of who did it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from canvass_tracking.domain.arrivals import Happening, PageView, What
from canvass_tracking.ingest.limits import MAX_ID, MAX_NAME, MAX_PATH, Rejected
from canvass_tracking.ingest.parse import Posted
from canvass_tracking.ingest.routes import Kind
from canvass_tracking.ingest.values import identifier, members, text

Context = Mapping[str, Any]

MAX_MERGED = 100
"""What a `merge` names."""


class Told(NamedTuple):
    """One event's share in what is done and what is known."""

    what: What
    traits: Mapping[str, Any] = {}
    previous_id: str | None = None


def _track(posted: Posted, _: Context, nul: bool) -> Told:
    name = text(posted.get("event"), nul)
    if not name or len(name) > MAX_NAME:
        raise Rejected("invalid_event", f"`event` must name it, in at most {MAX_NAME} characters.")
    return Told(Happening(name, members(posted, "properties", nul)))


def _page(posted: Posted, context: Context, nul: bool) -> Told:
    """A page, with what the SDK says of every page taken out of its properties."""
    properties = members(posted, "properties", nul)
    around = context.get("page")
    where: Mapping[str, Any] = around if isinstance(around, dict) else {}
    url = text(properties.pop("url", None) or where.get("url"), nul)
    path = text(properties.pop("path", None) or where.get("path"), nul) or _path_of(url or "")
    title = text(properties.pop("title", None) or where.get("title"), nul)
    referrer = text(properties.pop("referrer", None) or where.get("referrer"), nul)
    if name := text(posted.get("name"), nul):
        properties.setdefault("name", name)
    return Told(PageView(_bounded(path), url, title, referrer, properties))


def _screen(posted: Posted, _: Context, nul: bool) -> Told:
    """A page of an app: it goes by its name, which (unlike a website's path) begins with no slash."""
    properties = members(posted, "properties", nul)
    name = text(posted.get("name") or properties.get("name"), nul)
    path = text(properties.pop("path", None), nul) or name
    title = text(properties.pop("title", None), nul) or name
    if not path:
        raise Rejected("invalid_event", "A screen needs a `name`.")
    if name:
        properties.setdefault("name", name)
    return Told(PageView(_bounded(path), None, title, None, properties))


def _bounded(path: str) -> str:
    if len(path) > MAX_PATH:
        raise Rejected("invalid_event", f"`path` is at most {MAX_PATH} characters.")
    return path


def _path_of(url: str) -> str:
    """`/pricing`, of `https://example.com/pricing?a=b#c`."""
    behind = url.partition("//")[2] or url
    slash = behind.find("/")
    return behind[slash:].partition("#")[0].partition("?")[0] if slash >= 0 else "/" if url else ""


def _identify(posted: Posted, context: Context, nul: bool) -> Told:
    """Traits stand in the event or, from RudderStack's SDKs, in its context."""
    traits = members(posted, "traits", nul)
    return Told(None, members(context, "traits", nul) | traits if context.get("traits") else traits)


def _group(posted: Posted, _: Context, nul: bool) -> Told:
    """The contact's attribute `group_id`, and `group`: all that is told of it, never half of two groups."""
    group_id = identifier(posted.get("groupId"), "groupId", MAX_ID, nul)
    if group_id is None:
        raise Rejected("invalid_event", "A group needs a `groupId`.")
    return Told(None, {"group_id": group_id, "group": members(posted, "traits", nul) | {"id": group_id}})


def _alias(posted: Posted, _: Context, nul: bool) -> Told:
    previous_id = identifier(posted.get("previousId"), "previousId", MAX_ID, nul)
    if previous_id is None or not identifier(posted.get("userId"), "userId", MAX_ID, nul):
        raise Rejected("invalid_event", "An alias needs a `userId` and a `previousId`.")
    return Told(None, {}, previous_id)


def _merge(posted: Posted, _: Context, nul: bool) -> Told:
    """RudderStack's: `[{"type": "email", "value": "ann@example.com"}]`, of which we know e-mail and phone."""
    listed = posted.get("mergeProperties")
    if not isinstance(listed, list) or len(listed) > MAX_MERGED:
        raise Rejected("invalid_event", f"`mergeProperties` must be a list of at most {MAX_MERGED}.")
    named = [(one.get("type"), one.get("value")) for one in listed if isinstance(one, dict)]
    told = {_MERGED[type_]: value for type_, value in named if type(type_) is str and type_ in _MERGED}
    return Told(None, {name: value for name, value in told.items() if text(value, nul)})


_MERGED = {"email": "email", "mobile": "phone", "phone": "phone"}

TELLING: Mapping[Kind, Callable[[Posted, Context, bool], Told]] = {
    "track": _track,
    "identify": _identify,
    "page": _page,
    "screen": _screen,
    "group": _group,
    "alias": _alias,
    "merge": _merge,
}
