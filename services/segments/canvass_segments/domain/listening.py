"""The reverse index: which segments a change may concern. Never too few; seldom one too many.

What an event costs must not grow with the number of definitions, so what can be is looked up by value:
five hundred segments of five hundred paths are one dictionary.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeAlias

from canvass_rules import BehaviourKind, BehaviourRule, Facts, FieldRule, Group, holds, matches, mentions

from canvass_segments.domain.knowledge import KnowledgeIndex
from canvass_segments.domain.model import NAME, Behaviour, Definition, SegmentKey

Listener: TypeAlias = tuple[SegmentKey, Group | None]
"""A segment, and which behaviours it means."""

_EVER = datetime.min.replace(tzinfo=UTC)  # who has done nothing has done so at any time


class Listening:
    """What a set of definitions listens to."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._known = KnowledgeIndex()
        self._named: dict[tuple[BehaviourKind, str], list[Listener]] = defaultdict(list)
        self._unnamed: dict[BehaviourKind, list[Listener]] = defaultdict(list)
        first_sight: set[SegmentKey] = set()
        for definition in definitions:
            self._listen(definition)
            if holds(definition.rules, Facts({"score": 0}), _EVER):
                first_sight.add(definition.key)
        self.at_first_sight = frozenset(first_sight)
        """Segments that hold for a contact of whom nothing is known: they concern everyone once."""

    def to_change(self, before: Facts, after: Facts) -> set[SegmentKey]:
        """The segments that a change of fields or tags concerns."""
        return self._known.to_change(before, after)

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
        said = mentions(definition.rules)
        for rule in said.asked:
            self._known.listen(definition.key, rule)
        for tag in said.tags:
            self._known.listen_to_tag(definition.key, tag)
        for rule in said.heard:
            listener = definition.key, rule.where
            names = _names(rule)
            if names is None:
                self._unnamed[rule.behaviour].append(listener)
            for name in names or ():
                self._named[rule.behaviour, name].append(listener)


def _names(rule: BehaviourRule) -> set[str] | None:
    """The names of which a behaviour must have one to be meant, if the rule says so."""
    if rule.where is None or rule.where.match != "all":
        return None
    for inner in rule.where.rules:
        if isinstance(inner, FieldRule) and inner.field == NAME[rule.behaviour]:
            if inner.operator == "=":
                return {str(inner.value)}
            if inner.operator == "in" and isinstance(inner.value, tuple):
                return set(map(str, inner.value))
    return None
