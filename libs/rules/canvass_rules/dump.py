"""Rules become the document that they were read from: `parse(dump(rules)) == rules`."""

from __future__ import annotations

from typing import assert_never

from canvass_rules.model import BehaviourRule, FieldRule, Group, Rule


def dump(rule: Rule) -> dict[str, object]:
    """The shortest document that reads back as this rule."""
    match rule:
        case Group(match, rules):
            return {"match": match, "rules": [dump(inner) for inner in rules]}
        case FieldRule(field, operator, value):
            return {"field": field, "operator": operator, "value": value}
        case BehaviourRule():
            return _behaviour(rule)
        case _:
            assert_never(rule)


def _behaviour(rule: BehaviourRule) -> dict[str, object]:
    document: dict[str, object] = {"behaviour": rule.behaviour}
    if rule.where is not None:
        document["where"] = _short(rule.where) or dump(rule.where)
    if rule.at_least != 1:
        document["at_least"] = rule.at_least
    return document


def _short(where: Group) -> dict[str, object] | None:
    """`{"path": "/pricing"}`, when the group says no more than that."""
    equals = {rule.field: rule.value for rule in where.rules if isinstance(rule, FieldRule)}
    all_said = where.match == "all" and len(equals) == len(where.rules)
    return dict(equals) if all_said else None
