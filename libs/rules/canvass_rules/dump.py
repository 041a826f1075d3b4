"""Rules become the document that they were read from: `parse(dump(rules)) == rules`."""

from __future__ import annotations

from typing import assert_never

from canvass_rules.durations import written_duration
from canvass_rules.model import BehaviourRule, FieldRule, Group, Rule, TagRule


def dump(rule: Rule) -> dict[str, object]:
    """The shortest document that reads back as this rule."""
    match rule:
        case Group(match, rules):
            return {"match": match, "rules": [dump(inner) for inner in rules]}
        case FieldRule():
            return _field(rule)
        case TagRule(tag):
            return {"tag": tag}
        case BehaviourRule():
            return _behaviour(rule)
        case _:
            assert_never(rule)


def dump_where(where: Group | None) -> dict[str, object]:
    """What `parse_where` reads back as this."""
    return {} if where is None else _short(where) or dump(where)


def _field(rule: FieldRule) -> dict[str, object]:
    document: dict[str, object] = {"field": rule.field, "operator": rule.operator}
    if rule.value is not None:
        document["value"] = list(rule.value) if isinstance(rule.value, tuple) else rule.value
    return document


def _behaviour(rule: BehaviourRule) -> dict[str, object]:
    document: dict[str, object] = {"behaviour": rule.behaviour}
    if rule.where is not None:
        document["where"] = dump_where(rule.where)
    if rule.at_least != 1:
        document["at_least"] = rule.at_least
    if rule.within is not None:
        document["within"] = written_duration(rule.within)
    return document


def _short(where: Group) -> dict[str, object] | None:
    """`{"path": "/pricing"}`, when the group says no more than that."""
    equals = {
        rule.field: rule.value for rule in where.rules if isinstance(rule, FieldRule) and rule.operator == "="
    }
    all_said = where.match == "all" and len(equals) == len(where.rules)
    return dict(equals) if all_said else None
