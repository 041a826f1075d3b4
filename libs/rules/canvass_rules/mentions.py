"""What a rule listens to: only a change of that can change its verdict. Feeds the reverse index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from canvass_rules.model import BehaviourKind, BehaviourRule, FieldRule, Group, Rule


@dataclass(frozen=True, slots=True)
class Mentions:
    """`heard` holds each behaviour with its `where`, so that an index can be narrower than by kind."""

    fields: frozenset[str]
    behaviours: frozenset[BehaviourKind]
    heard: tuple[BehaviourRule, ...]  # no set: to Python `x = true` and `x = 1` would be one rule


def mentions(rule: Rule) -> Mentions:
    leaves = list(_leaves(rule))
    heard = tuple(leaf for leaf in leaves if isinstance(leaf, BehaviourRule))
    fields = frozenset(leaf.field for leaf in leaves if isinstance(leaf, FieldRule))
    return Mentions(fields, frozenset(leaf.behaviour for leaf in heard), heard)


def _leaves(rule: Rule) -> Iterator[FieldRule | BehaviourRule]:
    match rule:
        case Group(_, rules):
            for inner in rules:
                yield from _leaves(inner)
        case FieldRule() | BehaviourRule():
            yield rule
        case _:
            assert_never(rule)
