"""The words of points, read from the top: what is defined, what happens, what is kept, what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from canvass_rules import BehaviourKind, Group

ActionKey: TypeAlias = str
TriggerKey: TypeAlias = str

MAX_DELTA = 1_000_000
"""What one line of a ledger may earn or cost, at most."""
MAX_THRESHOLD = 1_000_000_000

BY_HAND: ActionKey = ""
"""In the place of an action's key, in lines that somebody wrote by hand: no action has it."""


@dataclass(frozen=True, slots=True)
class Action:
    """Who does this earns so many points: each time, or once for ever."""

    key: ActionKey
    revision: int
    on: BehaviourKind
    where: Group | None
    delta: int
    once: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Webhook:
    """Another system is to be told."""

    destination: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Notify:
    """People of ours are to be told."""

    destination: str
    template: str | None


@dataclass(frozen=True, slots=True)
class ChangeSegment:
    """The contact is to be in a segment, or out of it."""

    segment: str
    member: bool


Reaction: TypeAlias = Webhook | Notify | ChangeSegment


@dataclass(frozen=True, slots=True)
class Trigger:
    """Who rises to so many points sets this off: once for ever, or each time."""

    key: TriggerKey
    revision: int
    at: int
    reactions: tuple[Reaction, ...]
    each_time: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a contact did. `details` and `properties` are what an action may ask for."""

    event_id: UUID
    contact_id: UUID
    kind: BehaviourKind
    at: datetime
    details: Mapping[str, object]
    """By the words of the rule language: `path`, `name`, `form`, ..."""
    properties: Mapping[str, object] = field(default_factory=dict[str, object])
    contact_known: bool = True
    contact_revision: int = 0
    """The contact as it was known then."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger. A contact earns from an action once for an event, however often it is heard."""

    contact_id: UUID
    event_id: UUID
    action: ActionKey
    action_revision: int
    delta: int
    at: datetime
    once: bool = False
    """Whether the contact earns from the action no more than once, for ever."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Points given or taken by hand."""

    contact_id: UUID
    id: UUID
    delta: int
    reason: str
    by: str
    """The name of the key that was used."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of a contact's ledger. Nobody has done nothing yet: it is 0, revision 0."""

    contact_id: UUID
    score: int = 0
    revision: int = 0
    reached: int = 0
    """Thresholds up to here are behind the contact."""
    known: bool = False
    """Whether the contact has told who it is: an anonymous visitor sets nothing off yet."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two contacts were one person: what the loser earned is the winner's, told by an event."""

    loser: UUID
    winner: UUID
    event_id: UUID
    contact_revision: int
    """Of the winner, with the merge in it."""


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What the losers of merges leave to a winner: lines worth so many points, and what they had reached."""

    worth: int = 0
    reached: int = 0
    known: bool = False


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A score and what it was. The thresholds above `risen_from` and up to `reached` are crossed by it."""

    contact_id: UUID
    score: int
    previous: int
    revision: int
    risen_from: int
    reached: int
    known: bool


@dataclass(frozen=True, slots=True)
class Crossing:
    """A contact has risen to the threshold of a trigger."""

    trigger: Trigger
    contact_id: UUID
    score: int
    revision: int
    """Of the score."""
