"""Whether a rule holds. Pure: what is known comes in, and `segments` compiles the same to SQL.

Decisions, made on purpose:
- Values are equal as JSON has it: 1 is 1.0, `true` is not 1, "a" is not "A".
- Every rule is true or false, never unknown. Asking a missing value (or null), or one of another type, is
  false; `!=`, `not_in` and `is_not_set` are the exact negations of `=`, `in` and `is_set`.
- So `none` is exactly the negation of `any`: a contact without a country is in "none: country = CA".
- `within` P7D counts what happened after seven days ago, and not at that very moment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from canvass_rules.comparing import compares
from canvass_rules.model import BehaviourRule, FieldRule, Group, Match, Rule, TagRule


@dataclass(frozen=True, slots=True)
class Happened:
    """One behaviour. `values` has what `where` may ask for: "path", "name", "properties.plan", ..."""

    behaviour: str
    values: Mapping[str, object]
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one contact: the values of its fields, what it has done, its tags."""

    fields: Mapping[str, object] = field(default_factory=dict[str, object])
    behaviours: Sequence[Happened] = ()
    tags: Collection[str] = ()


def holds(rule: Rule, facts: Facts, now: datetime) -> bool:
    """Whether the rule holds, now, for a contact of whom this is all that is known."""
    match rule:
        case FieldRule():
            return compares(rule, facts.fields.get(rule.field))
        case TagRule(tag):
            return tag in facts.tags
        case BehaviourRule():
            return times(rule, facts, now) >= rule.at_least
        case Group(match, rules):
            return _joined(match, (holds(inner, facts, now) for inner in rules))
        case _:
            assert_never(rule)


def times(rule: BehaviourRule, facts: Facts, now: datetime) -> int:
    """How often the contact has done what the rule means, as of now."""
    return sum(_meant(rule, done, now) for done in facts.behaviours)


def matches(where: Rule | None, values: Mapping[str, object]) -> bool:
    """Whether one behaviour with these values is meant by a `where`; None means every one."""
    match where:
        case None:
            return True
        case FieldRule():
            return compares(where, values.get(where.field))
        case Group(match, rules):
            return _joined(match, (matches(inner, values) for inner in rules))
        case BehaviourRule() | TagRule():
            return False  # unwritable: a behaviour has done nothing itself, and has no tags
        case _:
            assert_never(where)


def _meant(rule: BehaviourRule, done: Happened, now: datetime) -> bool:
    if done.behaviour != rule.behaviour or (rule.within and done.at <= now - rule.within):
        return False
    return matches(rule.where, done.values)


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
