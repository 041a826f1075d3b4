"""The words of campaigns, read from the top: what is, what can happen, what must be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

StepId: TypeAlias = str
MessageClass: TypeAlias = Literal["marketing", "transactional"]
MessageOutcome: TypeAlias = Literal["sent", "failed", "suppressed"]
EndReason: TypeAlias = Literal["completed", "merged"]
"""`merged`: the contact turned out to be another one, who walks the same campaign already."""

# --- what is: a campaign, one immutable version of it


@dataclass(frozen=True, slots=True)
class SegmentSource:
    """Who enters this segment enters the campaign."""

    segment: str


Source: TypeAlias = SegmentSource


@dataclass(frozen=True, slots=True)
class SendEmail:
    """Rests until `channels` has sent the message, or has said that it will not."""

    template: str
    message_class: MessageClass
    next: tuple[StepId, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Rests for so long from when it is reached."""

    lasting: timedelta
    next: tuple[StepId, ...]


Step: TypeAlias = SendEmail | Wait


@dataclass(frozen=True, slots=True)
class Campaign:
    key: str
    version: int
    name: str
    sources: tuple[Source, ...]
    start: tuple[StepId, ...]
    steps: Mapping[StepId, Step]


# --- what is: a journey, one walk of one contact through it


@dataclass(frozen=True, slots=True)
class Position:
    """A step where a journey rests. Branches run side by side, so there may be several."""

    step: StepId
    visit: int
    wakes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Journey:
    id: UUID
    contact_id: UUID
    campaign: str
    version: int
    entry: int
    """How many times the contact has entered the campaign, this time included."""
    open: tuple[Position, ...] = ()
    visits: Mapping[StepId, int] = field(default_factory=dict[StepId, int])
    """The steps ever reached: one that several branches lead to runs once."""
    began_at: datetime | None = None
    ended_at: datetime | None = None
    end: EndReason | None = None

    @property
    def wakes_at(self) -> datetime | None:
        """When to say `Woke` to it next; None while it waits for a fact, or has ended."""
        return min((at.wakes_at for at in self.open if at.wakes_at), default=None)


# --- what can happen


@dataclass(frozen=True, slots=True)
class Entered:
    """The contact has come in by one of the sources."""


@dataclass(frozen=True, slots=True)
class Settled:
    """`channels` has said what became of the message that this step wanted."""

    step: StepId
    visit: int
    outcome: MessageOutcome


@dataclass(frozen=True, slots=True)
class Woke:
    """It may be time: every position whose `wakes_at` has come goes on."""


@dataclass(frozen=True, slots=True)
class Exited:
    """The journey is over, wherever it rests."""

    reason: EndReason


Signal: TypeAlias = Entered | Settled | Woke | Exited

# --- what must be done. Ids are derived from the journey: saying an effect twice is harmless.


@dataclass(frozen=True, slots=True)
class WantMessage:
    id: UUID
    step: StepId
    visit: int
    channel: Literal["email"]
    template: str
    message_class: MessageClass


@dataclass(frozen=True, slots=True)
class JourneyBegan:
    id: UUID


@dataclass(frozen=True, slots=True)
class JourneyEnded:
    id: UUID
    reason: EndReason


Effect: TypeAlias = WantMessage | JourneyBegan | JourneyEnded


@dataclass(frozen=True, slots=True)
class Outcome:
    journey: Journey
    """The very same object when nothing has changed."""
    effects: tuple[Effect, ...] = ()
