"""The words of campaigns: what is. What can happen to it, and what must be done, are in `signals`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from canvass_rules import Group

StepId: TypeAlias = str
Channel: TypeAlias = Literal["email", "sms", "webhook", "notify"]
MessageClass: TypeAlias = Literal["marketing", "transactional"]
Asks: TypeAlias = Literal["opened", "clicked", "page", "event", "form"]
EndReason: TypeAlias = Literal["completed", "merged"]
"""`merged`: the contact turned out to be another one, who walks the same campaign already."""

SILENCE = timedelta(seconds=2)
"""All must have been said so far past a decision's patience: another worker may hold a batch yet."""

# --- what is: a campaign, one immutable version of it


@dataclass(frozen=True, slots=True)
class SegmentSource:
    """Who enters this segment enters the campaign."""

    segment: str


@dataclass(frozen=True, slots=True)
class FormSource:
    """Who submits this form, so that `where` holds of it, enters the campaign."""

    form: str
    where: Group | None = None


@dataclass(frozen=True, slots=True)
class EventSource:
    """Who does this, so that `where` holds of it, enters the campaign."""

    event: str
    where: Group | None = None


Source: TypeAlias = SegmentSource | FormSource | EventSource


@dataclass(frozen=True, slots=True)
class Send:
    """Rests until `channels` has sent the message, or has said that it will not."""

    channel: Channel
    next: tuple[StepId, ...]
    template: str | None = None
    destination: str | None = None
    message_class: MessageClass = "marketing"
    values: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def onward(self) -> tuple[StepId, ...]:
        return self.next


@dataclass(frozen=True, slots=True)
class Wait:
    """Rests for so long from when it is reached, or until a time."""

    next: tuple[StepId, ...]
    lasting: timedelta = timedelta(0)
    until: datetime | None = None

    @property
    def onward(self) -> tuple[StepId, ...]:
        return self.next


@dataclass(frozen=True, slots=True)
class ChangeSegment:
    """Puts the contact into a segment, or out of it, and goes on at once."""

    segment: str
    member: bool
    next: tuple[StepId, ...]

    @property
    def onward(self) -> tuple[StepId, ...]:
        return self.next


@dataclass(frozen=True, slots=True)
class Decide:
    """Rests until the contact does this (yes), or has not within its patience (no).

    What came since the step `of`, or else since the nearest action above, counts, too, even if it was
    heard before the decision was reached. With `here` only what comes after that counts.
    """

    asks: Asks
    yes: tuple[StepId, ...]
    no: tuple[StepId, ...]
    of: StepId | None = None
    where: Group | None = None
    within: timedelta | None = None
    here: bool = False

    @property
    def onward(self) -> tuple[StepId, ...]:
        return self.yes + self.no


@dataclass(frozen=True, slots=True)
class If:
    """Asks `segments` what holds of the contact now, and rests until it says so."""

    rules: Group
    yes: tuple[StepId, ...]
    no: tuple[StepId, ...]

    @property
    def onward(self) -> tuple[StepId, ...]:
        return self.yes + self.no


Step: TypeAlias = Send | Wait | ChangeSegment | Decide | If


@dataclass(frozen=True, slots=True)
class Campaign:
    key: str
    version: int
    name: str
    sources: tuple[Source, ...]
    start: tuple[StepId, ...]
    steps: Mapping[StepId, Step]

    @property
    def segments(self) -> list[str]:
        """The segments among its sources, each once."""
        return [source.segment for source in self.sources if isinstance(source, SegmentSource)]


# --- what is: a journey, one walk of one contact through it


@dataclass(frozen=True, slots=True)
class Position:
    """A step where a journey rests. Branches run side by side, so there may be several."""

    step: StepId
    visit: int
    """0: it has not been begun, because the campaign was at rest when the journey came here."""
    arrived_at: datetime
    since: datetime
    """When the nearest action above was done, or the journey began: from then on behaviour counts."""
    wakes_at: datetime | None = None
    deadline: datetime | None = None
    """Of a decision: when its patience ends."""


Seen: TypeAlias = tuple[datetime, UUID]
"""When the contact did what a decision ahead listens for, and the event."""


@dataclass(frozen=True, slots=True)
class Journey:
    id: UUID
    contact_id: UUID
    campaign: str
    version: int
    entry: int
    """How many times the contact has entered the campaign, this time included."""
    open: tuple[Position, ...] = ()
    visits: Mapping[StepId, int] = field(default_factory=dict[str, int])
    """The steps ever reached: one that several branches lead to runs once."""
    seen: Mapping[StepId, tuple[Seen, ...]] = field(default_factory=dict[str, tuple[Seen, ...]])
    """What came before its decision was reached, in the order of its times."""
    settled: Mapping[StepId, datetime] = field(default_factory=dict[str, datetime])
    """When the messages that decisions are `of` were settled."""
    missed: Mapping[StepId, tuple[datetime, datetime]] = field(
        default_factory=dict[str, tuple[datetime, datetime]]
    )
    """Decisions answered no, with the time that they listened to: what is heard of it now is late."""
    began_by: UUID | None = None
    """The event that led here: it is no answer to the decisions of the journey that it began."""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    end: EndReason | None = None

    @property
    def wakes_at(self) -> datetime | None:
        """When to say `Woke` to it next because a time has come; None while it waits for a fact."""
        return min((at.wakes_at for at in self.open if at.wakes_at), default=None)

    @property
    def decides_at(self) -> datetime | None:
        """How far the speakers must have said all, before the next decision's no may be taken."""
        first = min((at.deadline for at in self.open if at.deadline), default=None)
        return first and first + SILENCE
