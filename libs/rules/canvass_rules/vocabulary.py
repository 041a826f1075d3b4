"""What a rule may say, and how much of it: read by the parser and by the JSON Schema alike."""

from datetime import timedelta
from typing import Final, get_args

from canvass_rules.model import BehaviourKind, Choice, Match, Operator, Order, Presence, Same, Wording

MATCHES: tuple[Match, ...] = get_args(Match)
SAME: tuple[Same, ...] = get_args(Same)
ORDERS: tuple[Order, ...] = get_args(Order)
WORDINGS: tuple[Wording, ...] = get_args(Wording)
CHOICES: tuple[Choice, ...] = get_args(Choice)
PRESENCES: tuple[Presence, ...] = get_args(Presence)
OPERATORS: tuple[Operator, ...] = (*SAME, *ORDERS, *WORDINGS, *CHOICES, *PRESENCES)

BEHAVIOURS: Final[dict[BehaviourKind, tuple[str, ...]]] = {
    "page_viewed": ("path", "url", "title"),
    "event_tracked": ("name",),
    "form_submitted": ("form",),
    "email_opened": ("template", "campaign"),
    "link_clicked": ("url", "template", "campaign"),
}
"""What each behaviour can be asked about in `where`, beside `properties.<key>`."""

PROPERTY = "properties."
ANY = "*"
"""In the pattern of `matches`: whatever stands here, also nothing, also slashes."""

MAX_DEPTH = 8
MAX_RULES = 100
MAX_CHOICES = 500
MAX_ANY = 10
MAX_TEXT = 1_000
MAX_NAME = 200
MAX_TIMES = 1_000_000
MAX_NUMBER = 2**53
"""Beyond it Python's floats and PostgreSQL's numerics no longer agree on what is equal."""
MIN_WITHIN = timedelta(seconds=1)
MAX_WITHIN = timedelta(days=3660)
