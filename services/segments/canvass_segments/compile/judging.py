"""Rules about contacts, as one query: a row for each contact, a column for each verdict."""

from collections.abc import Sequence
from typing import Any, assert_never

from canvass_rules import BehaviourRule, FieldRule, Group, Rule, TagRule, mentions
from sqlalchemy import ColumnElement, DateTime, Select, Text, and_, cast, func, null, select

from canvass_segments.compile.history import NOW, History, Scope, joined
from canvass_segments.compile.known import Condition, JsonValue, Known, NumberValue, TextValue, asking, bound
from canvass_segments.tables import contacts

__all__ = ["NOW", "Scope", "field_value", "judging", "verdict"]


def judging(rules: Sequence[Group], scope: Scope, *, reviews: bool = False) -> Select[Any]:
    """A row for each contact in scope: its `contact_id`, then for each of `rules` whether they hold.

    With `reviews`, for each of them also when time alone may next change that, null if never. Takes the
    parameter `now` if any rule has a window. Who was merged into another is in no segment.
    """
    heard = [rule for group in rules for rule in mentions(group).heard]
    history = History(heard, scope, ends=reviews)
    alive = contacts.c.merged_into.is_(None)
    columns: list[ColumnElement[Any]] = [
        and_(alive, verdict(group, history)).label(f"v{place}") for place, group in enumerate(rules)
    ]
    if reviews:
        columns += [_next_review(group, history).label(f"r{place}") for place, group in enumerate(rules)]
    query = select(contacts.c.contact_id, *columns).where(scope(contacts.c.contact_id))
    return query.select_from(history.joined())


def verdict(rule: Rule, history: History) -> Condition:
    """Whether the rule holds for the contact of a row."""
    match rule:
        case FieldRule():
            return asking(rule, _known(rule.field))
        case TagRule(tag):
            return contacts.c.tags.has_key(bound(tag, Text()))
        case BehaviourRule():
            return history.times(rule) >= rule.at_least
        case Group(match, inner):
            return joined(match, [verdict(one, history) for one in inner])
        case _:
            assert_never(rule)


def field_value(field: str) -> ColumnElement[Any]:
    """What is known of the contact of a row, as it is shown to people."""
    known = _known(field)
    if isinstance(known, JsonValue):
        return known.value
    return contacts.c[field]


def _next_review(group: Group, history: History) -> ColumnElement[Any]:
    """As time goes by a window can only lose: the first that does may turn the verdict."""
    ends = [history.holds_until(rule) for rule in mentions(group).heard if rule.within]
    never = cast(null(), DateTime(timezone=True))
    return func.least(*ends, type_=DateTime(timezone=True)) if ends else never


def _known(field: str) -> Known:
    match field:
        case "user_id" | "email" | "phone":
            return TextValue(contacts.c[field])
        case "score":
            return NumberValue(contacts.c.score)
        case _:
            return JsonValue(contacts.c.attributes, field)
