"""The rule language of Canvass: which contacts, and which behaviours, are meant.

`segments` compiles it to SQL; campaigns and points use the pure predicate for what one event or a
journey itself decides. Words in `model`, limits in `vocabulary`. Stands alone: nothing but Python.
"""

from canvass_rules.dump import dump, dump_where
from canvass_rules.durations import read_duration, written_duration
from canvass_rules.mentions import Mentions, mentions
from canvass_rules.model import (
    BehaviourKind,
    BehaviourRule,
    FieldRule,
    Group,
    Match,
    Operator,
    Rule,
    Scalar,
    TagRule,
    Value,
)
from canvass_rules.parse import parse, parse_where
from canvass_rules.predicate import Facts, Happened, holds, matches, times
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
    "TagRule",
    "Value",
    "dump",
    "dump_where",
    "holds",
    "matches",
    "mentions",
    "parse",
    "parse_where",
    "read_duration",
    "times",
    "written_duration",
]
