"""An action's document (parsed JSON) becomes an action, or says all that is wrong with it and where.

{"name": "Looked at prices", "on": "page_viewed", "path": "/pricing", "delta": 10}
{"name": "Bought", "on": "event_tracked", "event": "Order *", "delta": 50, "active": false}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from canvass_rules import Malformed
from canvass_rules.reading import Reader, shown

from canvass_points.domain.model import MAX_DELTA, MAX_NAME, Action, ActionKey, BehaviourKind

_NAMED: Mapping[BehaviourKind, str] = {"page_viewed": "path", "event_tracked": "event"}
"""What a document calls the name of each behaviour."""

_LONGEST = 200


def read_action(document: object, *, key: ActionKey, revision: int) -> Action:
    """The action. Raises Malformed with all problems found."""
    reader = Reader()
    action = _action(reader, document, key, revision)
    if reader.problems or action is None:
        raise Malformed(reader.problems)
    return action


def _action(reader: Reader, document: object, key: ActionKey, revision: int) -> Action | None:
    named = _NAMED[_kind(document)]
    members = reader.members(document, "", ("name", "on", named, "delta"), ("active",))
    if members is None:
        return None
    reader.text(members["name"], "/name", _LONGEST)
    on: BehaviourKind | None = reader.word(members["on"], "/on", tuple(_NAMED))
    name = reader.text(members[named], f"/{named}", MAX_NAME)
    delta = _delta(reader, members["delta"])
    active = members.get("active", True)
    if not isinstance(active, bool):
        return reader.refuse("/active", f"must be true or false, not {shown(active)}")
    return Action(key, revision, on, name, delta, active) if on and name and delta else None


def _kind(document: object) -> BehaviourKind:
    """What the document speaks of, as far as can be told before it is read."""
    words = cast("dict[str, object]", document) if isinstance(document, dict) else {}
    return "event_tracked" if words.get("on") == "event_tracked" else "page_viewed"


def _delta(reader: Reader, document: object) -> int | None:
    if isinstance(document, int) and not isinstance(document, bool) and 1 <= abs(document) <= MAX_DELTA:
        return document
    limits = f"a whole number from -{MAX_DELTA} to {MAX_DELTA}, but 0"
    return reader.refuse("/delta", f"must be {limits}, not {shown(document)}")
