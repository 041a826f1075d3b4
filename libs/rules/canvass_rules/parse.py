"""A document (parsed JSON) becomes rules, or says all that is wrong with it and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from canvass_rules.model import BehaviourKind, BehaviourRule, FieldRule, Group, Match, Operator, Rule, Scalar
from canvass_rules.reading import Malformed, Reader, listed, pointer, shown, storable
from canvass_rules.vocabulary import (
    BEHAVIOURS,
    MATCHES,
    MAX_DEPTH,
    MAX_NAME,
    MAX_NUMBER,
    MAX_RULES,
    MAX_TEXT,
    MAX_TIMES,
    OPERATORS,
    PROPERTY,
)

_RULE = '{"field", "operator", "value"}'
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


@dataclass(slots=True)
class _RuleReader(Reader):
    """`about` is the behaviour whose `where` is being read, or None where contacts are asked about."""

    rules_read: int = 0

    def group(self, document: object, at: str, depth: int, about: BehaviourKind | None) -> Group | None:
        if depth > MAX_DEPTH:
            return self.refuse(at, f"groups may be nested {MAX_DEPTH} deep, not deeper")
        members = self.members(document, at, required=("match", "rules"))
        if members is None:
            return None
        match: Match | None = self.word(members["match"], f"{at}/match", MATCHES)
        rules = self._rules(members["rules"], f"{at}/rules", depth, about)
        return Group(match, rules) if match and rules else None

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
        if "behaviour" in words and about is None:
            return self._behaviour(words, at, depth)
        if "field" in words:
            return self._field(words, at, about)
        kinds = _RULE if about else f'{_RULE} or {{"behaviour", "where", "at_least"}}'
        return self.refuse(at, f"must be a rule {kinds}, or a group {_GROUP}")

    def _field(self, document: object, at: str, about: BehaviourKind | None) -> FieldRule | None:
        members = self.members(document, at, required=("field", "operator", "value"))
        if members is None:
            return None
        name = self._name(members["field"], f"{at}/field", about)
        operator: Operator | None = self.word(members["operator"], f"{at}/operator", OPERATORS)
        value = self._value(members["value"], f"{at}/value")
        if name is None or operator is None or value is None:
            return None
        return FieldRule(name, operator, value)

    def _behaviour(self, document: object, at: str, depth: int) -> BehaviourRule | None:
        members = self.members(document, at, required=("behaviour",), optional=("where", "at_least"))
        if members is None:
            return None
        kind: BehaviourKind | None = self.word(members["behaviour"], f"{at}/behaviour", tuple(BEHAVIOURS))
        times = self._times(members.get("at_least", 1), f"{at}/at_least")
        if kind is None:
            return None
        where = self._where(members.get("where"), f"{at}/where", depth, kind)
        return BehaviourRule(kind, where, times) if times else None

    def _where(self, document: object, at: str, depth: int, about: BehaviourKind) -> Group | None:
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

    def _equal(self, name: str, value: object, at: str, about: BehaviourKind) -> FieldRule | None:
        here = at + pointer(name)
        known = self._name(name, here, about)
        asked = self._value(value, here)
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

    def _value(self, document: object, at: str) -> Scalar | None:
        match document:
            case bool():
                return document
            case str() if len(document) <= MAX_TEXT and storable(document):
                return document
            case int() | float() if abs(document) <= MAX_NUMBER:  # NaN is not
                return document
            case _:
                allowed = f"a text of at most {MAX_TEXT} characters, a number within ±2^53, true or false"
                return self.refuse(at, f"must be {allowed}, not {shown(document)}")

    def _times(self, document: object, at: str) -> int | None:
        if isinstance(document, int) and not isinstance(document, bool) and 1 <= document <= MAX_TIMES:
            return document
        return self.refuse(at, f"must be a whole number from 1 to {MAX_TIMES}, not {shown(document)}")

    def _too_many(self, more: int, at: str) -> bool:
        self.rules_read += more
        if self.rules_read > MAX_RULES:
            self.refuse(at, f"a document may hold {MAX_RULES} rules, not more")
        return self.rules_read > MAX_RULES
