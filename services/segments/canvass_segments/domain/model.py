"""The words of segments, read from the top: what is defined, what is told, what is so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from canvass_rules import BehaviourKind, Group

SegmentKey: TypeAlias = str

NAME: Mapping[BehaviourKind, str] = {
    "page_viewed": "path",
    "event_tracked": "name",
    "form_submitted": "form",
    "email_opened": "template",
    "link_clicked": "url",
}
"""What `where` calls the one value that every behaviour of a kind has."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Who belongs to a segment."""

    key: SegmentKey
    revision: int
    rules: Group


@dataclass(frozen=True, slots=True)
class Person:
    """What `tracking` knows of a contact, told by an event."""

    contact_id: UUID
    event_id: UUID
    revision: int
    user_id: str | None
    email: str | None
    attributes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Score:
    """What `points` knows of a contact, told by an event."""

    contact_id: UUID
    event_id: UUID
    score: int
    revision: int


@dataclass(frozen=True, slots=True)
class Merge:
    """Two contacts were one person: what the loser has is the winner's, told by an event."""

    loser: UUID
    winner: UUID
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a contact did."""

    contact_id: UUID
    at: datetime
    event_id: UUID
    kind: BehaviourKind
    name: str
    properties: Mapping[str, object] = field(default_factory=dict[str, object])
    url: str | None = None
    title: str | None = None

    def values(self) -> dict[str, object]:
        """What `where` may ask for."""
        properties = {f"properties.{name}": value for name, value in self.properties.items()}
        return {**properties, NAME[self.kind]: self.name, "url": self.url, "title": self.title}


@dataclass(frozen=True, slots=True)
class Turn:
    """A contact has come to match a segment, or has ceased to."""

    contact_id: UUID
    segment: SegmentKey
    member: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """Whether a contact is in a segment. Who has left stays on record, so that revisions never start anew."""

    contact_id: UUID
    segment: SegmentKey
    member: bool
    revision: int
    """Grows by one at each change of this contact in this segment: a hearer drops an older one."""
    since: datetime
    contact_revision: int = 0
    """The contact as it was judged."""


def fields(user_id: str | None, email: str | None, attributes: Mapping[str, object]) -> dict[str, object]:
    """What a rule may ask of a contact, beside its score. An attribute cannot pose as one of the others."""
    told = {name: value for name, value in attributes.items() if name != "score"}
    return {**told, "user_id": user_id, "email": email}
