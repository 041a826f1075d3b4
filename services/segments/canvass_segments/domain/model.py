"""The words of segments, read from the top: what is defined, what is told, what is so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from canvass_rules import BehaviourKind, Facts, Group, mentions

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

    @property
    def columns(self) -> int:
        """How much has to be computed side by side to judge by it, at most."""
        return 2 + 3 * len(mentions(self.rules).heard)


@dataclass(frozen=True, slots=True)
class Person:
    """What `tracking` knows of a contact, told by an event."""

    contact_id: UUID
    event_id: UUID
    revision: int
    user_id: str | None
    email: str | None
    attributes: Mapping[str, object]
    phone: str | None = None
    tags: Sequence[str] = ()

    def facts(self) -> Facts:
        """What a rule may ask of it, beside its score."""
        return facts(self.user_id, self.email, self.phone, self.tags, self.attributes)


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
    template: str | None = None
    campaign: str | None = None

    def values(self) -> dict[str, object]:
        """What `where` may ask for."""
        properties = {f"properties.{name}": value for name, value in self.properties.items()}
        known = {name: getattr(self, name) for name in ("url", "title", "template", "campaign")}
        return {**properties, **known, NAME[self.kind]: self.name}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has come of judging a contact by a segment."""

    contact_id: UUID
    segment: SegmentKey
    member: bool
    """Whether the contact matches."""
    turned: bool
    """Whether it did not until now, or did. Never where somebody has said by hand what is so."""
    next_at: datetime | None
    """When to judge it again although nothing happens, if that is sooner than is known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether rules hold for a contact, and what they looked at, by names for people to read."""

    holds: bool
    values: Mapping[str, object]
    contact_revision: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody says by hand, whatever the rules say, that a contact is to be in a segment or out of it."""

    contact_id: UUID
    segment: SegmentKey
    member: bool
    at: datetime
    event_id: UUID | None = None


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
    fixed: bool = False
    """Whether somebody has said by hand that it is so, whatever the rules say."""


def facts(
    user_id: str | None,
    email: str | None,
    phone: str | None,
    tags: Sequence[str],
    attributes: Mapping[str, object],
) -> Facts:
    """What a rule may ask of a contact, beside its score. An attribute cannot pose as one of the others."""
    told = {name: value for name, value in attributes.items() if name != "score"}
    return Facts({**told, "user_id": user_id, "email": email, "phone": phone}, tags=tags)
