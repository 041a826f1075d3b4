"""What an event's traits make of a contact's attributes."""

import json
from collections.abc import Collection, Iterable
from itertools import chain
from typing import cast

from canvass_tracking.domain.model import Attributes

MAX_ATTRIBUTES = 500
"""More than these are not taken: anyone can send traits with a public key."""
MAX_ATTRIBUTES_BYTES = 128 * 1024
"""Nor more than this of them together: the whole contact must go into one wire message, of 256 KB at most."""

MAX_TAGS = 100
"""More than these a contact has not."""

OWN_COLUMNS = frozenset({"email", "phone"})
"""What is no attribute, but kept beside them in one form, by which it is compared."""

RESERVED = OWN_COLUMNS | {"user_id", "score"}
"""What rules mean something else by than an attribute."""
_EMPTY = (None, "")


def filled(attributes: Attributes, traits: Attributes, *, trusted: bool) -> Attributes:
    """The very same mapping when nothing has changed. From a trusted source null takes a value away."""
    news = {name: value for name, value in traits.items() if _is_news(attributes, name, value, trusted)}
    fitting = _fitting(attributes, news) if news else news
    if not fitting:
        return attributes
    return {name: value for name, value in {**attributes, **fitting}.items() if value is not None}


def joined(attributes: Attributes, others: Attributes) -> Attributes:
    """The first, with what only the others have, as far as there is room."""
    missing = {name: value for name, value in others.items() if name not in attributes}
    return {**attributes, **_fitting(attributes, missing)}


def tagged(tags: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    """The tags and, as far as there is room, more: the very same when nothing has changed."""
    missing = sorted(set(more).difference(tags))[: MAX_TAGS - len(tags)]
    return tuple(sorted((*tags, *missing))) if missing else tags


def depth(value: object) -> int:
    """How deep JSON goes: 1 for `{}`, 0 for a text."""
    levels, level = 0, _inside(value)
    while level is not None:
        levels += 1
        deeper = [inner for inner in map(_inside, level) if inner is not None]
        level = list(chain.from_iterable(deeper)) if deeper else None
    return levels


def _inside(value: object) -> Collection[object] | None:
    """The values in an object or a list; None for what is neither."""
    if isinstance(value, dict):
        return cast("dict[str, object]", value).values()
    return cast("list[object]", value) if isinstance(value, list) else None


def _fitting(attributes: Attributes, news: Attributes) -> Attributes:
    """The news that there is room for; what takes no more room than it did always fits."""
    places = MAX_ATTRIBUTES - len(attributes)
    room = MAX_ATTRIBUTES_BYTES - sum(_weight(name, value) for name, value in attributes.items())
    fitting: dict[str, object] = {}
    for name, value in news.items():
        is_more = name not in attributes
        growth = _weight(name, value) - (0 if is_more else _weight(name, attributes[name]))
        if (places > 0 or not is_more) and growth <= max(0, room):
            fitting[name] = value
            places -= is_more
            room -= growth
    return fitting


def _weight(name: str, value: object) -> int:
    """The bytes that an attribute takes, as JSON."""
    return len(json.dumps({name: value}, ensure_ascii=False).encode())


def _is_news(attributes: Attributes, name: str, value: object, trusted: bool) -> bool:
    known = attributes.get(name)
    if name in OWN_COLUMNS or _same(known, value):
        return False
    return trusted or (known in _EMPTY and value not in _EMPTY)


def _same(known: object, value: object) -> bool:
    return known == value and type(known) is type(value)  # to Python, True == 1
