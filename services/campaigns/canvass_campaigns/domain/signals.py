"""The words of campaigns: what can happen to a journey, what must be done then, and what there is to tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from canvass_rules import Group

from canvass_campaigns.domain.model import EndReason, Journey, Send, StepId

MessageOutcome: TypeAlias = Literal["sent", "failed", "suppressed"]

# --- what can happen. `because`: the fact that tells of it.


@dataclass(frozen=True, slots=True)
class Entered:
    """The contact has come in by one of the sources."""

    because: UUID | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """`channels` has said what became of the message that this step wanted."""

    step: StepId
    visit: int
    outcome: MessageOutcome
    because: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Woke:
    """It may be time: every position whose `wakes_at` has come goes on.

    `heard_through`: the time up to which all that the contact did has been heard. A decision says no
    only when that is past its patience.
    """

    heard_through: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """The contact has done what these decisions listen for."""

    steps: tuple[StepId, ...]
    at: datetime
    because: UUID


@dataclass(frozen=True, slots=True)
class Verdict:
    """`segments` has said whether the rules of this step hold, and the values behind that."""

    step: StepId
    visit: int
    holds: bool
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    because: UUID | None = None


@dataclass(frozen=True, slots=True)
class Exited:
    """The journey is over, wherever it rests."""

    reason: EndReason


Signal: TypeAlias = Entered | Settled | Woke | Heard | Verdict | Exited

# --- what must be done. Ids are derived from the journey: saying an effect twice is harmless.


@dataclass(frozen=True, slots=True)
class WantMessage:
    id: UUID
    step: StepId
    visit: int
    send: Send


@dataclass(frozen=True, slots=True)
class WantVerdict:
    id: UUID
    step: StepId
    visit: int
    rules: Group


@dataclass(frozen=True, slots=True)
class WantMembership:
    id: UUID
    step: StepId
    visit: int
    segment: str
    member: bool


@dataclass(frozen=True, slots=True)
class JourneyBegan:
    id: UUID


@dataclass(frozen=True, slots=True)
class JourneyEnded:
    id: UUID
    reason: EndReason


Effect: TypeAlias = WantMessage | WantVerdict | WantMembership | JourneyBegan | JourneyEnded

# --- what there is to tell of it

StepOutcome: TypeAlias = Literal["sent", "failed", "suppressed", "waited", "changed", "yes", "no", "late"]
"""`late`: the contact did it in time, but that was heard after no had been taken. It changes nothing."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A step is behind the journey, and why."""

    step: StepId
    visit: int
    arrived_at: datetime
    at: datetime
    outcome: StepOutcome
    because: UUID | None = None
    happened_at: datetime | None = None
    """When the event behind it happened, which may be before the step was reached."""
    values: Mapping[str, object] | None = None
    """What a condition looked at, or why a message was not sent."""


@dataclass(frozen=True, slots=True)
class Outcome:
    journey: Journey
    """The very same object when nothing has changed."""
    effects: tuple[Effect, ...] = ()
    passed: tuple[Passed, ...] = ()
