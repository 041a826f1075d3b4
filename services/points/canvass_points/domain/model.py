"""The words of points, read from the top: what is defined, what happens, what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

ActionKey: TypeAlias = str
BehaviourKind: TypeAlias = Literal["page_viewed", "event_tracked"]

MAX_NAME = 1_000
MAX_DELTA = 1_000_000
"""What one behaviour may earn or cost, at most."""


@dataclass(frozen=True, slots=True)
class Action:
    """Who does this earns so many points, each time."""

    key: ActionKey
    revision: int
    on: BehaviourKind
    name: str
    """`/pricing`, or a pattern in which each `*` stands for anything, slashes included: `/blog/*`."""
    delta: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a contact did. `name` is a page's path, or what the sender calls the event."""

    event_id: UUID
    contact_id: UUID
    kind: BehaviourKind
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger. A contact earns from an action once for an event, however often it is heard."""

    contact_id: UUID
    event_id: UUID
    action: ActionKey
    action_revision: int
    delta: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of a contact's ledger. Nobody has done nothing yet: it is 0, revision 0."""

    contact_id: UUID
    score: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Merge:
    """Two contacts were one person: what the loser earned is the winner's, told by an event."""

    loser: UUID
    winner: UUID
    event_id: UUID


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """A score and what it was: whether a threshold lies between them can be told from this alone."""

    contact_id: UUID
    score: int
    previous: int
    revision: int
