"""What a rule listens to: only a change of that, or time, can change its verdict. Feeds the reverse index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from canvass_rules.model import BehaviourKind, BehaviourRule, FieldRule, Group, Rule, TagRule


@dataclass(frozen=True, slots=True)
class Mentions:
    """`heard` holds each behaviour with its `where`, so that an index can be narrower than by kind."""

    fields: frozenset[str]
    tags: frozenset[str]
    behaviours: frozenset[BehaviourKind]
    asked: tuple[FieldRule, ...]  # no sets: to Python `x = true` and `x = 1` would be one rule
    heard: tuple[BehaviourRule, ...]

    @property
    def time(self) -> bool:
        """Whether the verdict may change although nothing happens."""
        return any(rule.within for rule in self.heard)


def mentions(rule: Rule) -> Mentions:
    """What stands in a rule, however deep."""
    leaves = list(_leaves(rule))
    asked = tuple(leaf for leaf in leaves if isinstance(leaf, FieldRule))
    heard = tuple(leaf for leaf in leaves if isinstance(leaf, BehaviourRule))
    return Mentions(
        fields=frozenset(leaf.field for leaf in asked),
        tags=frozenset(leaf.tag for leaf in leaves if isinstance(leaf, TagRule)),
        behaviours=frozenset(leaf.behaviour for leaf in heard),
        asked=asked,
        heard=heard,
    )


def _leaves(rule: Rule) -> Iterator[FieldRule | TagRule | BehaviourRule]:
    match rule:
        case Group(_, rules):
            for inner in rules:
                yield from _leaves(inner)
        case FieldRule() | TagRule() | BehaviourRule():
            yield rule
        case _:
            assert_never(rule)
