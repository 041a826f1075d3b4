"""What a posted value may be, for every kind of event alike."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from canvass_tracking.ingest.limits import MAX_DEPTH, MAX_KEYS, Rejected

_FLAT = frozenset({str, int, float, bool, type(None)})


def identifier(value: Any, name: str, limit: int, nul: bool) -> str | None:
    """An identifier: text, or a number that is meant as one. None when it is missing, null or blank.

    `nul` is whether there may be NUL characters, which PostgreSQL cannot keep. Raises Rejected.
    """
    if type(value) is str and len(value) <= limit and not nul:
        return value if value and not value.isspace() else None  # nearly all
    if type(value) is int:
        value = str(value)
    if not value and value is not False:
        return None
    if type(value) is not str or len(value) > limit:
        raise Rejected("invalid_id", f"`{name}` must be text of at most {limit} characters.")
    return _without_nul(value) if nul else value


def text(value: Any, nul: bool) -> str | None:
    """A text; None for what is none."""
    if type(value) is not str:
        return None
    return _without_nul(value) if nul else value


def members(posted: Mapping[str, Any], name: str, nul: bool) -> dict[str, Any]:
    """The object of that name; empty when there is none. Raises Rejected for what is none, or too much."""
    found = posted.get(name)
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
