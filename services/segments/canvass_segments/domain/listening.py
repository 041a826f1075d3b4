"""The reverse index: which segments a change may concern. Never too few; seldom one too many.

What an event costs must not grow with the number of definitions, so everything here is looked up by
value: five hundred segments of five hundred paths are one dictionary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias, assert_never

from canvass_rules import (
    BehaviourKind,
    BehaviourRule,
    Facts,
    FieldRule,
    Group,
    Rule,
    TagRule,
    holds,
    matches,
    mentions,
)

from canvass_segments.domain.model import NAME, Behaviour, Definition, SegmentKey

Listener: TypeAlias = tuple[SegmentKey, Group | None]
"""A segment, and which behaviours it means."""

_EVER = datetime.min.replace(tzinfo=UTC)


class Listening:
    """What a set of definitions listens to."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._by_value: dict[Hashable, set[SegmentKey]] = defaultdict(set)
        self._fields: set[str] = set()
        self._named: dict[tuple[BehaviourKind, str], list[Listener]] = defaultdict(list)
        self._unnamed: dict[BehaviourKind, list[Listener]] = defaultdict(list)
        first_sight: set[SegmentKey] = set()
        for definition in definitions:
            self._listen(definition)
            if holds(definition.rules, Facts({"score": 0}), _EVER):
                first_sight.add(definition.key)
        self.at_first_sight = frozenset(first_sight)
        """Segments that hold for a contact of whom nothing is known: they concern everyone once."""

    def to_change(self, before: Mapping[str, object], after: Mapping[str, object]) -> set[SegmentKey]:
        """The segments that a change of fields concerns."""
        concerned: set[SegmentKey] = set()
        for field in self._fields & (before.keys() | after.keys()):
            was, is_ = _token(before.get(field)), _token(after.get(field))
            if was != is_:
                concerned |= self._by_value.get((field, was), set())
                concerned |= self._by_value.get((field, is_), set())
        return concerned

    def to_behaviour(self, behaviour: Behaviour) -> set[SegmentKey]:
        """The segments that a behaviour concerns."""
        named = self._named.get((behaviour.kind, behaviour.name), [])
        unnamed = self._unnamed.get(behaviour.kind, [])
        if not named and not unnamed:
            return set()
        values = behaviour.values()
        return {key for listeners in (named, unnamed) for key, where in listeners if matches(where, values)}

    def to_named(self, kind: BehaviourKind, name: str) -> set[SegmentKey]:
        """The segments that some behaviour of this kind and name may concern."""
        listeners = self._named.get((kind, name), []) + self._unnamed.get(kind, [])
        return {key for key, _ in listeners}

    def _listen(self, definition: Definition) -> None:
        for rule in _field_rules(definition.rules):
            if rule.operator == "=":
                self._fields.add(rule.field)
                self._by_value[rule.field, _token(rule.value)].add(definition.key)
        for rule in mentions(definition.rules).heard:
            name = _name(rule)
            heard = self._unnamed[rule.behaviour] if name is None else self._named[rule.behaviour, name]
            heard.append((definition.key, rule.where))


def _field_rules(rule: Rule) -> Iterable[FieldRule]:
    match rule:
        case Group(_, rules):
            for inner in rules:
                yield from _field_rules(inner)
        case FieldRule():
            yield rule
        case BehaviourRule() | TagRule():
            return
        case _:
            assert_never(rule)


def _name(rule: BehaviourRule) -> str | None:
    """The one name that a behaviour must have to be meant, if the rule says so."""
    if rule.where is None or rule.where.match != "all":
        return None
    for inner in rule.where.rules:
        if isinstance(inner, FieldRule) and inner.field == NAME[rule.behaviour] and inner.operator == "=":
            return str(inner.value)
    return None


def _token(value: object) -> Hashable:
    """What equal values (as rules compare) have in common. A list or object equals no value of a rule."""
    if isinstance(value, bool):
        return value, "bool"
    return value if isinstance(value, str | int | float) else None
