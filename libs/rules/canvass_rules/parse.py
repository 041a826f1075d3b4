"""A document (parsed JSON) becomes rules, or says all that is wrong with it and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from canvass_rules.durations import read_duration
from canvass_rules.model import BehaviourKind, BehaviourRule, FieldRule, Group, Match, Operator, Rule, TagRule
from canvass_rules.reading import Malformed, Reader, listed, pointer, shown, storable
from canvass_rules.values import ValueReader
from canvass_rules.vocabulary import (
    BEHAVIOURS,
    MATCHES,
    MAX_DEPTH,
    MAX_NAME,
    MAX_RULES,
    MAX_TIMES,
    MAX_WITHIN,
    MIN_WITHIN,
    OPERATORS,
    PRESENCES,
    PROPERTY,
)

_FIELD = '{"field", "operator", "value"}'
_OTHERS = '{"tag"}, {"behaviour", "where", "at_least", "within"}'
_GROUP = '{"match", "rules"}'


def parse(document: object, at: str = "") -> Group:
    """Read `{"match": ..., "rules": [...]}`. `at` is where it stands in the document around it.

    Raises Malformed with all problems found, none of them twice.
    """
    reader = _RuleReader()
    group = reader.group(document, at, depth=1, about=None)
    if reader.problems or group is None:
        raise Malformed(reader.problems)
    return group


def parse_where(document: object, about: BehaviourKind, at: str = "") -> Group | None:
    """Read which behaviours of a kind are meant: a group, or `{"path": "/pricing"}` for short. None: all of
    them. Judge by it with `matches`.

    Raises Malformed with all problems found, none of them twice.
    """
    reader = _RuleReader()
    where = reader.where(document, at, depth=0, about=about)
    if reader.problems:
        raise Malformed(reader.problems)
    return where


@dataclass(slots=True)
class _RuleReader(Reader):
    """`about` is the behaviour whose `where` is being read, or None where contacts are asked about."""

    rules_read: int = 0
    values: ValueReader = field(init=False)

    def __post_init__(self) -> None:
        self.values = ValueReader(self.problems)

    def group(self, document: object, at: str, depth: int, about: BehaviourKind | None) -> Group | None:
        if depth > MAX_DEPTH:
            return self.refuse(at, f"groups may be nested {MAX_DEPTH} deep, not deeper")
        members = self.members(document, at, required=("match", "rules"))
        if members is None:
            return None
        match: Match | None = self.word(members["match"], f"{at}/match", MATCHES)
        rules = self._rules(members["rules"], f"{at}/rules", depth, about)
        return Group(match, rules) if match and rules else None

    def where(self, document: object, at: str, depth: int, about: BehaviourKind) -> Group | None:
        """Either a group like any other, or `{"path": "/pricing"}`, short for all of these being equal."""
        if document is None or document == {}:
            return None
        if not isinstance(document, dict):
            return self.refuse(at, 'must be an object such as {"path": "/pricing"}, or a group')
        members = cast("dict[str, object]", document)
        if "match" in members or "rules" in members:
            return self.group(members, at, depth + 1, about)
        if self._too_many(len(members), at):
            return None
        rules = [self._equal(name, value, at, about) for name, value in members.items()]
        return Group("all", tuple(rule for rule in rules if rule))

    def _rules(
        self, document: object, at: str, depth: int, about: BehaviourKind | None
    ) -> tuple[Rule, ...] | None:
        if not isinstance(document, list) or not document:
            return self.refuse(at, "must be a list of at least one rule")
        items = cast("list[object]", document)
        if self._too_many(len(items), at):
            return None
        rules = [self._rule(item, f"{at}/{i}", depth, about) for i, item in enumerate(items)]
        return tuple(rule for rule in rules if rule)

    def _rule(self, document: object, at: str, depth: int, about: BehaviourKind | None) -> Rule | None:
        words = cast("dict[str, object]", document) if isinstance(document, dict) else {}
        if "match" in words or "rules" in words:
            return self.group(words, at, depth + 1, about)
        if "field" in words:
            return self._field(words, at, about)
        if "behaviour" in words and about is None:
            return self._behaviour(words, at, depth)
        if "tag" in words and about is None:
            return self._tag(words, at)
        kinds = _FIELD if about else f"{_FIELD}, {_OTHERS}"
        return self.refuse(at, f"must be a rule {kinds}, or a group {_GROUP}")

    def _field(self, document: object, at: str, about: BehaviourKind | None) -> FieldRule | None:
        members = self.members(document, at, required=("field", "operator"), optional=("value",))
        if members is None:
            return None
        name = self._name(members["field"], f"{at}/field", about)
        operator: Operator | None = self.word(members["operator"], f"{at}/operator", OPERATORS)
        if operator is None:
            return None
        if operator in PRESENCES:
            if "value" in members:
                return self.refuse(at, f'"{operator}" takes no "value"')
            return FieldRule(name, operator) if name is not None else None
        if "value" not in members:
            return self.refuse(at, 'lacks "value"')
        value = self.values.read(members["value"], f"{at}/value", operator)
        return FieldRule(name, operator, value) if name is not None and value is not None else None

    def _tag(self, document: object, at: str) -> TagRule | None:
        members = self.members(document, at, required=("tag",))
        tag = self.text(members["tag"], f"{at}/tag", MAX_NAME) if members else None
        return TagRule(tag) if tag else None

    def _behaviour(self, document: object, at: str, depth: int) -> BehaviourRule | None:
        optional = ("where", "at_least", "within")
        members = self.members(document, at, required=("behaviour",), optional=optional)
        if members is None:
            return None
        kind: BehaviourKind | None = self.word(members["behaviour"], f"{at}/behaviour", tuple(BEHAVIOURS))
        times = self._times(members.get("at_least", 1), f"{at}/at_least")
        within = self._within(members.get("within"), f"{at}/within")
        if kind is None:
            return None
        where = self.where(members.get("where"), f"{at}/where", depth, kind)
        return BehaviourRule(kind, where, times, within) if times else None

    def _equal(self, name: str, value: object, at: str, about: BehaviourKind) -> FieldRule | None:
        here = at + pointer(name)
        known = self._name(name, here, about)
        asked = self.values.read(value, here, "=")
        return FieldRule(known, "=", asked) if known is not None and asked is not None else None

    def _name(self, document: object, at: str, about: BehaviourKind | None) -> str | None:
        if not isinstance(document, str) or not storable(document) or len(document) > MAX_NAME:
            return self.refuse(at, f"must be a name of 1 to {MAX_NAME} characters, not {shown(document)}")
        key = document.removeprefix(PROPERTY) if about else document
        if about and key == document and document not in BEHAVIOURS[about]:
            askable = listed((*BEHAVIOURS[about], PROPERTY + "<key>"))
            return self.refuse(at, f"{about} can be asked about {askable}, not {shown(document)}")
        if not key or "." in key:  # kept free: a dot is to reach into nested values
            return self.refuse(at, f"must name one value, without a dot in it, not {shown(document)}")
        return document

    def _times(self, document: object, at: str) -> int | None:
        if isinstance(document, int) and not isinstance(document, bool) and 1 <= document <= MAX_TIMES:
            return document
        return self.refuse(at, f"must be a whole number from 1 to {MAX_TIMES}, not {shown(document)}")

    def _within(self, document: object, at: str) -> timedelta | None:
        if document is None:
            return None
        length = read_duration(document) if isinstance(document, str) else None
        if length is not None and MIN_WITHIN <= length <= MAX_WITHIN:
            return length
        allowed = f'a duration such as "P7D" or "PT4H", of at most {MAX_WITHIN.days} days'
        return self.refuse(at, f"must be {allowed}, not {shown(document)}")

    def _too_many(self, more: int, at: str) -> bool:
        self.rules_read += more
        if self.rules_read > MAX_RULES:
            self.refuse(at, f"a document may hold {MAX_RULES} rules, not more")
        return self.rules_read > MAX_RULES
