"""The one compiler of rules to SQL, so that a batch and a full build cannot disagree.

Every value in a rule becomes a bound parameter; the text of the SQL depends on the rules' shape alone, and
rules of one shape share one prepared statement. The meaning is that of `canvass_rules.predicate`: values are
equal as JSON has it, and what is missing equals nothing, so that every verdict is true or false.
"""

from collections.abc import Callable, Sequence
from typing import Any, assert_never
from uuid import UUID

from canvass_rules import BehaviourRule, FieldRule, Group, Match, Rule, TagRule, Value, mentions
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Double,
    Select,
    Text,
    and_,
    bindparam,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from canvass_segments.domain.model import NAME
from canvass_segments.tables import behaviours, contacts

Condition = ColumnElement[bool]
Scope = Callable[[ColumnElement[UUID]], Condition]
"""Which contacts: a condition on a contact's id, applied to each table by itself, so that each uses its key.
"""

_PROPERTY = "properties."


def judging(rules: Sequence[Group], scope: Scope) -> Select[Any]:
    """A row for each contact in scope: `contact_id`, and for each of `rules`, in order, whether they hold.

    Who was merged into another is in no segment.
    """
    meant = {_text(heard): _meant(heard) for group in rules for heard in mentions(group).heard}
    done = _counted(list(meant.values()), scope) if meant else None
    counts = dict(zip(meant, list(done.c)[1:], strict=True)) if done is not None else {}

    def verdict(rule: Rule) -> Condition:
        match rule:
            case FieldRule():
                return _field(rule)
            case BehaviourRule():
                return func.coalesce(counts[_text(rule)], 0) >= rule.at_least
            case TagRule():
                return false()
            case Group(match, inner):
                return _joined(match, [verdict(one) for one in inner])
            case _:
                assert_never(rule)

    alive = contacts.c.merged_into.is_(None)
    columns = [and_(alive, verdict(group)).label(f"v{place}") for place, group in enumerate(rules)]
    query = select(contacts.c.contact_id, *columns).where(scope(contacts.c.contact_id))
    if done is None:
        return query
    return query.select_from(contacts.outerjoin(done, done.c.contact_id == contacts.c.contact_id))


def _counted(meant: Sequence[Condition], scope: Scope) -> Any:
    """How often each contact did each of what is meant: one pass over its history, whatever their number."""
    counts = [func.count().filter(one).label(f"n{place}") for place, one in enumerate(meant)]
    query = select(behaviours.c.contact_id, *counts).where(scope(behaviours.c.contact_id), or_(*meant))
    return query.group_by(behaviours.c.contact_id).subquery("done")


def _text(rule: BehaviourRule) -> str:
    """Which behaviours a rule means, as a key: to Python itself, `x = 1` and `x = true` would be one."""
    return repr((rule.behaviour, rule.where))


def _meant(rule: BehaviourRule) -> Condition:
    kind = behaviours.c.kind == _bound(rule.behaviour, Text())
    return and_(kind, _where(rule.where, NAME[rule.behaviour])) if rule.where else kind


def _where(rule: Rule, name: str) -> Condition:
    match rule:
        case FieldRule(field, _, value) if field.startswith(_PROPERTY):
            return _json_equals(behaviours.c.properties, field.removeprefix(_PROPERTY), value)
        case FieldRule(field, _, value):
            return _text_equals(behaviours.c.name if field == name else behaviours.c[field], value)
        case Group(match, rules):
            return _joined(match, [_where(inner, name) for inner in rules])
        case BehaviourRule() | TagRule():
            return false()  # unwritable: a behaviour has done nothing itself
        case _:
            assert_never(rule)


def _field(rule: FieldRule) -> Condition:
    match rule.operator, rule.field:
        case "=", "user_id" | "email":
            return _text_equals(contacts.c[rule.field], rule.value)
        case "=", "score":
            return _number_equals(contacts.c.score, rule.value)
        case _, field:
            return _json_equals(contacts.c.attributes, field, rule.value)


def _joined(match: Match, verdicts: Sequence[Condition]) -> Condition:
    match match:
        case "all":
            return and_(*verdicts)
        case "any":
            return or_(*verdicts)
        case "none":
            return not_(or_(*verdicts))
        case _:
            assert_never(match)


def _text_equals(column: Column[Any], value: Value) -> Condition:
    if not isinstance(value, str):
        return false()
    equal = column == _bound(value, Text())
    return func.coalesce(equal, false()) if column.nullable else equal


def _number_equals(column: ColumnElement[int], value: Value) -> Condition:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return false()
    return column == _bound(value, BigInteger() if isinstance(value, int) else Double())


def _json_equals(column: ColumnElement[Any], key: str, value: Value) -> Condition:
    return func.coalesce(column.op("->")(_bound(key, Text())) == _bound(value, JSONB()), false())


def _bound(value: Value, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    return bindparam(None, value, kind, unique=True)
