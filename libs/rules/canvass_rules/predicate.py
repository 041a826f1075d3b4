"""Whether a rule holds. Pure: what is known comes in, and `segments` compiles the same to SQL.

Three decisions, made on purpose:
- Values are equal as JSON has it: 1 is 1.0, `true` is not 1, "a" is not "A".
- `=` on a missing value (or null) is false, never unknown: every rule is true or false.
- So `none` is exactly the negation of `any`: a contact without a country is in "none: country = CA".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from canvass_rules.model import BehaviourRule, FieldRule, Group, Match, Rule, Scalar


@dataclass(frozen=True, slots=True)
class Happened:
    """One behaviour. `values` has what `where` may ask for: "path", "name", "properties.plan", ..."""

    behaviour: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one contact: the values of its fields, and what it has done."""

    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    behaviours: Sequence[Happened] = ()


def holds(rule: Rule, facts: Facts) -> bool:
    """Whether the rule holds for a contact of whom this is all that is known."""
    match rule:
        case FieldRule():
            return _compares(rule, facts.fields)
        case BehaviourRule():
            return _times(rule, facts.behaviours) >= rule.at_least
        case Group(match, rules):
            return _joined(match, (holds(inner, facts) for inner in rules))
        case _:
            assert_never(rule)


def matches(where: Rule | None, values: Mapping[str, object]) -> bool:
    """Whether one behaviour with these values is meant by a `where`; None means every one."""
    match where:
        case None:
            return True
        case FieldRule():
            return _compares(where, values)
        case Group(match, rules):
            return _joined(match, (matches(inner, values) for inner in rules))
        case BehaviourRule():
            return False  # unwritable: a behaviour has done nothing itself
        case _:
            assert_never(where)


def _times(rule: BehaviourRule, behaviours: Sequence[Happened]) -> int:
    return sum(done.behaviour == rule.behaviour and matches(rule.where, done.values) for done in behaviours)


def _joined(match: Match, verdicts: Iterable[bool]) -> bool:
    match match:
        case "all":
            return all(verdicts)
        case "any":
            return any(verdicts)
        case "none":
            return not any(verdicts)
        case _:
            assert_never(match)


def _compares(rule: FieldRule, values: Mapping[str, object]) -> bool:
    known = values.get(rule.field)
    match rule.operator:
        case "=":
            return _equal(known, rule.value)
        case _:
            assert_never(rule.operator)


def _equal(known: object, asked: Scalar) -> bool:
    if isinstance(known, bool) or isinstance(asked, bool):  # to Python, True == 1
        return known is asked
    return known == asked
