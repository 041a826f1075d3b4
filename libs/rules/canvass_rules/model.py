"""The words of the rule language: what a rule is, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Scalar: TypeAlias = str | int | float | bool
"""What a rule may compare with. There is no null: a missing value is asked for by its own operator."""

Match: TypeAlias = Literal["all", "any", "none"]
Operator: TypeAlias = Literal["="]
BehaviourKind: TypeAlias = Literal["page_viewed", "event_tracked"]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What is known of a contact (or, within a `where`, of one behaviour) compares so with `value`."""

    field: str
    operator: Operator
    value: Scalar


@dataclass(frozen=True, slots=True)
class BehaviourRule:
    """The contact has done this, such that `where` held, at least so many times."""

    behaviour: BehaviourKind
    where: Group | None = None
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """All, any or none of the rules hold. `none` is the negation of `any`; order means nothing."""

    match: Match
    rules: tuple[Rule, ...]


Rule: TypeAlias = Group | FieldRule | BehaviourRule
