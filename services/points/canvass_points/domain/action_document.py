"""An action's document (parsed JSON) becomes an action, or says all that is wrong with it and where.

{"name": "Looked at prices", "on": "page_viewed", "path": "/pricing", "delta": 10}
{"name": "Came to the webinar", "on": "form_submitted", "form": "webinar", "delta": 20, "repeat": "once"}
{"name": "Large order", "on": "event_tracked", "event": "Order *", "delta": 50, "active": false,
 "where": {"match": "all", "rules": [{"field": "properties.total", "operator": ">", "value": 500}]}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, cast

from canvass_rules import BehaviourKind, FieldRule, Group, Malformed, parse_where
from canvass_rules.reading import Reader, shown
from canvass_rules.vocabulary import ANY, BEHAVIOURS, MAX_TEXT

from canvass_points.domain.model import MAX_DELTA, Action, ActionKey

MAX_NAME = 200

SHORT: Mapping[BehaviourKind, tuple[str, str]] = {
    "page_viewed": ("path", "path"),
    "event_tracked": ("event", "name"),
    "form_submitted": ("form", "form"),
}
"""What a document may call, for short, what most are asked for, and the word of the rule language for it."""

Members: TypeAlias = Mapping[str, object]


def read_action(document: object, *, key: ActionKey, revision: int) -> Action:
    """The action. Raises Malformed with all problems found."""
    reader = Reader()
    action = _action(reader, document, key, revision)
    if reader.problems or action is None:
        raise Malformed(reader.problems)
    return action


def _action(reader: Reader, document: object, key: ActionKey, revision: int) -> Action | None:
    short = [SHORT[kind][0] for kind in SHORT if kind == _kind(document)]
    optional = ("where", *short, "repeat", "active")
    members = reader.members(document, "", ("name", "on", "delta"), optional)
    if members is None:
        return None
    reader.text(members["name"], "/name", MAX_NAME)
    on: BehaviourKind | None = reader.word(members["on"], "/on", tuple(BEHAVIOURS))
    where = _meant(reader, members, on) if on else None
    delta = _delta(reader, members["delta"])
    once = reader.word(members.get("repeat", "always"), "/repeat", ("always", "once")) == "once"
    active = read_active(reader, members)
    return Action(key, revision, on, where, delta, once, active) if on and delta else None


def _kind(document: object) -> object:
    """What the document speaks of, as far as can be told before it is read."""
    return cast("Members", document).get("on") if isinstance(document, dict) else None


def _meant(reader: Reader, members: Members, on: BehaviourKind) -> Group | None:
    """Which behaviours: what is said for short and `where` together; None means all of them."""
    short, where = _short(reader, members, on), _where(reader, members, on)
    if short is None:
        return where
    return Group("all", (short, where) if where else (short,))


def _short(reader: Reader, members: Members, on: BehaviourKind) -> FieldRule | None:
    short, field = SHORT.get(on, ("", ""))
    if short not in members:
        return None
    name = reader.text(members[short], f"/{short}", MAX_TEXT)
    return FieldRule(field, "matches" if ANY in name else "=", name) if name else None


def _where(reader: Reader, members: Members, on: BehaviourKind) -> Group | None:
    try:
        return parse_where(members.get("where"), on, "/where")
    except Malformed as malformed:
        reader.problems += malformed.problems
        return None


def _delta(reader: Reader, document: object) -> int | None:
    if is_whole(document, 1, MAX_DELTA) or is_whole(document, -MAX_DELTA, -1):
        return cast("int", document)
    limits = f"a whole number from -{MAX_DELTA} to {MAX_DELTA}, but 0"
    return reader.refuse("/delta", f"must be {limits}, not {shown(document)}")


def is_whole(document: object, least: int, most: int) -> bool:
    """Whether it is a whole number within limits. To Python itself, true would be one."""
    return isinstance(document, int) and not isinstance(document, bool) and least <= document <= most


def read_active(reader: Reader, members: Members) -> bool:
    """Whether it is to do anything; it is unless it says no."""
    active = members.get("active", True)
    if not isinstance(active, bool):
        reader.refuse("/active", f"must be true or false, not {shown(active)}")
    return active is True
