"""What a rule may say, and how much of it: read by the parser and by the JSON Schema alike."""

from typing import get_args

from canvass_rules.model import BehaviourKind, Match, Operator

MATCHES: tuple[Match, ...] = get_args(Match)
OPERATORS: tuple[Operator, ...] = get_args(Operator)

BEHAVIOURS: dict[BehaviourKind, tuple[str, ...]] = {
    "page_viewed": ("path", "url", "title"),
    "event_tracked": ("name",),
}
"""What each behaviour can be asked about in `where`, beside `properties.<key>`."""

PROPERTY = "properties."

MAX_DEPTH = 8
MAX_RULES = 100
MAX_TEXT = 1_000
MAX_NAME = 200
MAX_TIMES = 1_000_000
MAX_NUMBER = 2**53
"""Beyond it Python's floats and PostgreSQL's numerics no longer agree on what is equal."""
