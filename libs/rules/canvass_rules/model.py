"""The words of the rule language: what a rule is, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeAlias

Scalar: TypeAlias = str | int | float | bool
"""What a rule may compare with. There is no null: a missing value is asked for by its own operator."""

Value: TypeAlias = Scalar | tuple[Scalar, ...] | None
"""One, or for `in` and `not_in` several, or none for `is_set` and `is_not_set`."""

Match: TypeAlias = Literal["all", "any", "none"]

Same: TypeAlias = Literal["=", "!="]
Order: TypeAlias = Literal[">", ">=", "<", "<="]
Wording: TypeAlias = Literal["contains", "starts_with", "ends_with", "matches"]
Choice: TypeAlias = Literal["in", "not_in"]
Presence: TypeAlias = Literal["is_set", "is_not_set"]
Operator: TypeAlias = Same | Order | Wording | Choice | Presence

BehaviourKind: TypeAlias = Literal[
    "page_viewed", "event_tracked", "form_submitted", "email_opened", "link_clicked"
]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What is known of a contact (or, within a `where`, of one behaviour) compares so with `value`."""

    field: str
    operator: Operator
    value: Value = None


@dataclass(frozen=True, slots=True)
class TagRule:
    """The contact has this tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class BehaviourRule:
    """The contact has done this, such that `where` held, at least so many times: ever, or `within` the last
    while.
    """

    behaviour: BehaviourKind
    where: Group | None = None
    at_least: int = 1
    within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """All, any or none of the rules hold. `none` is the negation of `any`; order means nothing."""

    match: Match
    rules: tuple[Rule, ...]


Rule: TypeAlias = Group | FieldRule | TagRule | BehaviourRule
