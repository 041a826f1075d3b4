"""A document (parsed JSON) becomes rules, or says all that is wrong with it and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

from canvass_rules.model import BehaviourKind, BehaviourRule, FieldRule, Group, Match, Operator, Rule, Scalar
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

Word = TypeVar("Word", bound=str)

_RULE = '{"field", "operator", "value"}'
_GROUP = '{"match", "rules"}'


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is a JSON Pointer (RFC 6901) into the document; `message` says what is allowed there."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"


class MalformedRules(ValueError):  # noqa: N818 - said as it is, like every refusal here
    """These rules cannot be used. Mend every one of `problems` and send the document again."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, problems)))


def parse(document: object, at: str = "") -> Group:
    """Read `{"match": ..., "rules": [...]}`. `at` is where it stands in the document around it.

    Raises MalformedRules with all problems found, none of them twice.
    """
    reader = _Reader()
    group = reader.group(document, at, depth=1, about=None)
    if reader.problems or group is None:
        raise MalformedRules(reader.problems)
    return group


@dataclass(slots=True)
class _Reader:
    """Reads on after a problem, so that an author is told of all at once.

    `about` is the behaviour whose `where` is being read, or None where contacts are asked about.
    """

    problems: list[Problem] = field(default_factory=list[Problem])
    rules_read: int = 0

    def group(self, document: object, at: str, depth: int, about: BehaviourKind | None) -> Group | None:
        if depth > MAX_DEPTH:
            return self._refuse(at, f"groups may be nested {MAX_DEPTH} deep, not deeper")
        members = self._object(document, at, required=("match", "rules"))
        if members is None:
            return None
        match: Match | None = self._word(members["match"], f"{at}/match", MATCHES)
        rules = self._rules(members["rules"], f"{at}/rules", depth, about)
        return Group(match, rules) if match and rules else None

    def _rules(
        self, document: object, at: str, depth: int, about: BehaviourKind | None
    ) -> tuple[Rule, ...] | None:
        if not isinstance(document, list) or not document:
            return self._refuse(at, "must be a list of at least one rule")
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
        return self._refuse(at, f"must be a rule {kinds}, or a group {_GROUP}")

    def _field(self, document: object, at: str, about: BehaviourKind | None) -> FieldRule | None:
        members = self._object(document, at, required=("field", "operator", "value"))
        if members is None:
            return None
        name = self._name(members["field"], f"{at}/field", about)
        operator: Operator | None = self._word(members["operator"], f"{at}/operator", OPERATORS)
        value = self._value(members["value"], f"{at}/value")
        if name is None or operator is None or value is None:
            return None
        return FieldRule(name, operator, value)

    def _behaviour(self, document: object, at: str, depth: int) -> BehaviourRule | None:
        members = self._object(document, at, required=("behaviour",), optional=("where", "at_least"))
        if members is None:
            return None
        kind: BehaviourKind | None = self._word(members["behaviour"], f"{at}/behaviour", tuple(BEHAVIOURS))
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
            return self._refuse(at, 'must be an object such as {"path": "/pricing"}, or a group')
        members = cast("dict[str, object]", document)
        if "match" in members or "rules" in members:
            return self.group(members, at, depth + 1, about)
        if self._too_many(len(members), at):
            return None
        rules = [self._equal(name, value, at, about) for name, value in members.items()]
        return Group("all", tuple(rule for rule in rules if rule))

    def _equal(self, name: str, value: object, at: str, about: BehaviourKind) -> FieldRule | None:
        here = f"{at}/{_escaped(name)}"
        known = self._name(name, here, about)
        asked = self._value(value, here)
        return FieldRule(known, "=", asked) if known is not None and asked is not None else None

    def _object(
        self, document: object, at: str, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, object] | None:
        if not isinstance(document, dict):
            return self._refuse(at, f"must be an object with {_listed(required)}")
        members = cast("dict[str, object]", document)
        unknown = [name for name in members if name not in required and name not in optional]
        missing = [name for name in required if name not in members]
        if unknown:
            self._refuse(at, f"does not know {_shown(unknown[0])}; allowed: {_listed(required + optional)}")
        if missing:
            self._refuse(at, f"lacks {_listed(missing)}")
        return None if missing else members

    def _word(self, document: object, at: str, allowed: Sequence[Word]) -> Word | None:
        for word in allowed:
            if document == word:
                return word
        return self._refuse(at, f"must be one of {_listed(allowed)}, not {_shown(document)}")

    def _name(self, document: object, at: str, about: BehaviourKind | None) -> str | None:
        if not isinstance(document, str) or not _storable(document) or len(document) > MAX_NAME:
            return self._refuse(at, f"must be a name of 1 to {MAX_NAME} characters, not {_shown(document)}")
        key = document.removeprefix(PROPERTY) if about else document
        if about and key == document and document not in BEHAVIOURS[about]:
            askable = _listed((*BEHAVIOURS[about], PROPERTY + "<key>"))
            return self._refuse(at, f"{about} can be asked about {askable}, not {_shown(document)}")
        if not key or "." in key:  # kept free: a dot is to reach into nested values
            return self._refuse(at, f"must name one value, without a dot in it, not {_shown(document)}")
        return document

    def _value(self, document: object, at: str) -> Scalar | None:
        match document:
            case bool():
                return document
            case str() if len(document) <= MAX_TEXT and _storable(document):
                return document
            case int() | float() if abs(document) <= MAX_NUMBER:  # NaN is not
                return document
            case _:
                allowed = f"a text of at most {MAX_TEXT} characters, a number within ±2^53, true or false"
                return self._refuse(at, f"must be {allowed}, not {_shown(document)}")

    def _times(self, document: object, at: str) -> int | None:
        if isinstance(document, int) and not isinstance(document, bool) and 1 <= document <= MAX_TIMES:
            return document
        return self._refuse(at, f"must be a whole number from 1 to {MAX_TIMES}, not {_shown(document)}")

    def _too_many(self, more: int, at: str) -> bool:
        self.rules_read += more
        if self.rules_read > MAX_RULES:
            self._refuse(at, f"a document may hold {MAX_RULES} rules, not more")
        return self.rules_read > MAX_RULES

    def _refuse(self, at: str, message: str) -> None:
        self.problems.append(Problem(at, message))


def _storable(text: str) -> bool:
    """PostgreSQL holds neither NUL nor half a surrogate pair, so no value could ever be equal."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _escaped(name: str) -> str:
    """One step of a JSON Pointer, fit to be sent back whatever was in the name."""
    printable = name[:MAX_NAME].encode("utf-8", "backslashreplace").decode()
    return printable.replace("~", "~0").replace("/", "~1")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _shown(document: object) -> str:
    """What was found, short enough for a message."""
    match document:
        case str():
            text = ascii(document[:60])
        case None | bool() | float():
            text = repr(document)
        case int() if abs(document) <= 10**18:
            text = repr(document)
        case int():
            text = "such a large number"
        case _:
            text = "an object" if isinstance(document, dict) else "a list"
    return text if len(text) <= 60 else f"{text[:57]}..."
