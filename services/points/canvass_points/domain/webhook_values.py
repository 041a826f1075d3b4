"""What people have a webhook carry: JSON of theirs, bounded, and such that every hearer can keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from canvass_rules.reading import Reader, pointer, shown, storable
from canvass_rules.vocabulary import MAX_NUMBER, MAX_TEXT

MOST = 100
"""Texts, numbers, lists, ... in one webhook, however they are nested."""
DEEPEST = 5

_ALLOWED = f"a text of at most {MAX_TEXT} characters, a number within ±2^53, true, false or null"


def read_values(reader: Reader, document: object, at: str) -> Mapping[str, object]:
    """The values; empty where they are not an object, which the reader notes."""
    if not isinstance(document, dict):
        reader.refuse(at, f"must be an object, not {shown(document)}")
        return {}
    values = cast("dict[str, object]", document)
    if _read(reader, values, at, 1) > MOST:
        reader.refuse(at, f"may hold {MOST} values, not more")
    return values


def _read(reader: Reader, value: object, at: str, depth: int) -> int:
    """How many values are in it, itself included."""
    inner = _inside(value)
    if depth > DEEPEST and inner:
        reader.refuse(at, f"may be nested {DEEPEST} deep, not deeper")
        return 1
    if isinstance(value, dict):
        _check_names(reader, inner, at)
    elif not isinstance(value, list) and not _is_plain(value):
        reader.refuse(at, f"must be {_ALLOWED}, not {shown(value)}")
    return 1 + sum(_read(reader, one, at + pointer(name), depth + 1) for name, one in inner.items())


def _inside(value: object) -> Mapping[str, object]:
    """What is in an object or a list, by its name or number; nothing in anything else."""
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    items = cast("list[object]", value) if isinstance(value, list) else []
    return {str(number): one for number, one in enumerate(items)}


def _check_names(reader: Reader, names: Iterable[str], at: str) -> None:
    for name in names:
        if len(name) > MAX_TEXT or not storable(name):
            reader.refuse(at + pointer(name), f"must have a name of at most {MAX_TEXT} characters")


def _is_plain(value: object) -> bool:
    match value:
        case None | bool():
            return True
        case str():
            return len(value) <= MAX_TEXT and storable(value)
        case int() | float():
            return abs(value) <= MAX_NUMBER  # NaN is not
        case _:
            return False
