"""What contacts did, as SQL: one pass over their history, whatever the number of rules that ask."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, assert_never
from uuid import UUID

from canvass_rules import BehaviourRule, FieldRule, Group, Match, Rule, TagRule
from canvass_rules.vocabulary import PROPERTY
from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Interval,
    Subquery,
    Text,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.functions import FunctionElement

from canvass_segments.compile.known import Condition, JsonValue, Known, TextValue, asking, bound
from canvass_segments.domain.model import NAME
from canvass_segments.tables import behaviours, contacts

Scope = Callable[[ColumnElement[UUID]], Condition]
"""Which contacts: a condition on a contact's id, applied to each table by itself, so that each uses its key.
"""

NOW: ColumnElement[Any] = bindparam("now", type_=DateTime(timezone=True))
"""The present, which windows go by: a parameter of every statement that has one."""


_NEWEST_FIRST = aggregate_order_by(behaviours.c.at, behaviours.c.at.desc())


class History:
    """How often the contacts in scope did what rules mean, and until when windows hold."""

    def __init__(self, heard: Iterable[BehaviourRule], scope: Scope, *, ends: bool = False) -> None:
        """With `ends`, `holds_until` may be asked."""
        rules = list(heard)
        self._meant = {_text(rule): _meant(rule) for rule in rules}
        self._number = {text: number for number, text in enumerate(self._meant)}
        self._done = self._pass(rules, scope, ends=ends) if rules else None

    def times(self, rule: BehaviourRule) -> ColumnElement[int]:
        """How often, within the window if there is one."""
        return func.coalesce(self._column("n", rule), literal_column("0"))

    def holds_until(self, rule: BehaviourRule) -> ColumnElement[Any]:
        """When a window that holds will have lost too many to hold; null if it does not hold.

        That is when the behaviour leaves it with which, counted from the newest, its number is reached.
        """
        if rule.at_least == 1:
            leaves = self._column("last", rule)
        else:
            leaves = self._column("times", rule)[bound(rule.at_least, Integer())]
        return leaves + bound(rule.within, Interval())

    def joined(self) -> FromClause:
        """Contacts, each with what it did."""
        if self._done is None:
            return contacts
        return contacts.outerjoin(self._done, self._done.c.contact_id == contacts.c.contact_id)

    def _pass(self, rules: Sequence[BehaviourRule], scope: Scope, *, ends: bool) -> Subquery:
        columns = [self._found(func.count(), "n", text) for text in self._meant]
        if ends:
            once = {_text(rule): None for rule in rules if rule.within and rule.at_least == 1}
            often = {_text(rule): None for rule in rules if rule.within and rule.at_least > 1}
            columns += [self._found(func.max(behaviours.c.at), "last", text) for text in once]
            columns += [self._found(func.array_agg(_NEWEST_FIRST), "times", text) for text in often]
        query = select(behaviours.c.contact_id, *columns).where(
            scope(behaviours.c.contact_id), or_(*self._meant.values())
        )
        windows = [rule.within for rule in rules if rule.within]
        if len(windows) == len(rules):  # then days before the longest need not be looked at
            query = query.where(behaviours.c.at > NOW - bound(max(windows), Interval()))
        return query.group_by(behaviours.c.contact_id).subquery("done")

    def _found(self, what: FunctionElement[Any], name: str, text: str) -> ColumnElement[Any]:
        return what.filter(self._meant[text]).label(f"{name}{self._number[text]}")

    def _column(self, name: str, rule: BehaviourRule) -> ColumnElement[Any]:
        assert self._done is not None  # noqa: S101 - there is this rule
        return self._done.c[f"{name}{self._number[_text(rule)]}"]


def _text(rule: BehaviourRule) -> str:
    """Which behaviours a rule means, as a key: to Python itself, `x = 1` and `x = true` would be one."""
    return repr((rule.behaviour, rule.where, rule.within))


def _meant(rule: BehaviourRule) -> Condition:
    conditions: list[Condition] = [behaviours.c.kind == bound(rule.behaviour, Text())]
    if rule.where:
        conditions.append(_where(rule.where, NAME[rule.behaviour]))
    if rule.within:
        conditions.append(behaviours.c.at > NOW - bound(rule.within, Interval()))
    return and_(*conditions)


def _where(rule: Rule, name: str) -> Condition:
    match rule:
        case FieldRule():
            return asking(rule, _known(rule.field, name))
        case Group(match, rules):
            return joined(match, [_where(inner, name) for inner in rules])
        case BehaviourRule() | TagRule():
            return false()  # unwritable: a behaviour has done nothing itself, and has no tags
        case _:
            assert_never(rule)


def _known(field: str, name: str) -> Known:
    if field.startswith(PROPERTY):
        return JsonValue(behaviours.c.properties, field.removeprefix(PROPERTY))
    return TextValue(behaviours.c.name if field == name else behaviours.c[field])


def joined(match: Match, verdicts: Iterable[Condition]) -> Condition:
    """All, any or none of them."""
    match match:
        case "all":
            return and_(*verdicts)
        case "any":
            return or_(*verdicts)
        case "none":
            return not_(or_(*verdicts))
        case _:
            assert_never(match)
