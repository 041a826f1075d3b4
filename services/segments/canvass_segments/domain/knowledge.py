"""The half of the reverse index that listens to what is known of contacts: their fields and tags."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterator
from operator import itemgetter
from typing import TypeAlias, TypeGuard

from canvass_rules import Facts, FieldRule
from canvass_rules.comparing import compares
from canvass_rules.model import Scalar

from canvass_segments.domain.model import SegmentKey

Limit: TypeAlias = tuple[float, SegmentKey]


class KnowledgeIndex:
    """By field: values by which equality may turn, limits that a number may pass, and all other rules."""

    def __init__(self) -> None:
        self._by_value: dict[Hashable, set[SegmentKey]] = defaultdict(set)
        self._limits: dict[str, list[Limit]] = defaultdict(list)
        self._others: dict[str, list[tuple[SegmentKey, FieldRule]]] = defaultdict(list)
        self._fields: set[str] = set()
        self._by_tag: dict[str, set[SegmentKey]] = defaultdict(set)

    def listen(self, segment: SegmentKey, rule: FieldRule) -> None:
        """Have a segment concerned by what may turn a rule of its."""
        self._fields.add(rule.field)
        match rule.operator:
            case "=" | "!=" | "in" | "not_in":
                for value in _values(rule):
                    self._by_value[rule.field, _token(value)].add(segment)
            case ">" | ">=" | "<" | "<=" if isinstance(rule.value, int | float):
                insort(self._limits[rule.field], (rule.value, segment))
            case _:
                self._others[rule.field].append((segment, rule))

    def listen_to_tag(self, segment: SegmentKey, tag: str) -> None:
        """Have a segment concerned by who gets or loses a tag."""
        self._by_tag[tag].add(segment)

    def to_change(self, before: Facts, after: Facts) -> set[SegmentKey]:
        """The segments that a change concerns."""
        concerned: set[SegmentKey] = set()
        for field in self._fields & (before.fields.keys() | after.fields.keys()):
            was, is_ = before.fields.get(field), after.fields.get(field)
            if not _same(was, is_):
                concerned.update(self._to_value(field, was, is_))
        if self._by_tag:
            for tag in set(before.tags) ^ set(after.tags):
                concerned |= self._by_tag.get(tag, set())
        return concerned

    def _to_value(self, field: str, was: object, is_: object) -> Iterator[SegmentKey]:
        for value in (was, is_):
            yield from self._by_value.get((field, _token(value)), ())
        yield from _passed(self._limits.get(field, []), was, is_)
        for segment, rule in self._others.get(field, ()):
            if compares(rule, was) is not compares(rule, is_):
                yield segment


def _passed(limits: list[Limit], was: object, is_: object) -> Iterator[SegmentKey]:
    """Who looks at a limit between two numbers, or at any if one of the values is no number."""
    first, last = 0, len(limits)
    if _is_number(was) and _is_number(is_):
        first = bisect_left(limits, min(was, is_), key=itemgetter(0))
        last = bisect_right(limits, max(was, is_), key=itemgetter(0))
    elif not _is_number(was) and not _is_number(is_):
        return
    for _, segment in limits[first:last]:
        yield segment


def _values(rule: FieldRule) -> tuple[Scalar, ...]:
    if isinstance(rule.value, tuple):
        return rule.value
    return () if rule.value is None else (rule.value,)


def _same(was: object, is_: object) -> bool:
    """Whether no rule can tell two values from each other. To Python itself, 1 and true would be the same."""
    return type(was) is type(is_) and was == is_


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _token(value: object) -> Hashable:
    """What equal values (as rules compare) have in common. A list or object equals no value of a rule."""
    if isinstance(value, bool):
        return value, "bool"
    return value if isinstance(value, str | int | float) else None
