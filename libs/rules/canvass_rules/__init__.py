"""The rule language of Canvass: which contacts, and which behaviours, are meant.

`segments` compiles it to SQL; campaigns and points use the pure predicate for what one event or a
journey itself decides. Words in `model`, limits in `vocabulary`. Stands alone: nothing but Python.
"""

from canvass_rules.dump import dump
from canvass_rules.mentions import Mentions, mentions
from canvass_rules.model import BehaviourKind, BehaviourRule, FieldRule, Group, Match, Operator, Rule, Scalar
from canvass_rules.parse import parse
from canvass_rules.predicate import Facts, Happened, holds, matches
from canvass_rules.reading import Malformed, Problem

__all__ = [
    "BehaviourKind",
    "BehaviourRule",
    "Facts",
    "FieldRule",
    "Group",
    "Happened",
    "Malformed",
    "Match",
    "Mentions",
    "Operator",
    "Problem",
    "Rule",
    "Scalar",
    "dump",
    "holds",
    "matches",
    "mentions",
    "parse",
]
