"""The words of channels, read from the top: what is, what can happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

MessageClass: TypeAlias = Literal["marketing", "transactional"]
MessageOutcome: TypeAlias = Literal["sent", "failed", "suppressed"]

State: TypeAlias = Literal[
    "planned",  # wanted, and due at `due_at`
    "claimed",  # a worker holds it until `lease_until`; nothing has left yet
    "attempting",  # committed just before the bytes leave, so that a crash leaves a trace
    "accepted",  # the provider has taken it; final where no receipt will come
    "delivered",  # a receipt says that it arrived
    "bounced",  # a receipt says that it did not
    "suppressed",  # it was wanted, but must not be sent
    "failed",  # it could not be sent, and will not be
    "unknown",  # it may have been sent: nobody can tell
]

Happening: TypeAlias = Literal[
    "claimed",
    "suppressed",
    "postponed",  # no connection could be had, or something is missing yet: nothing was attempted
    "attempted",
    "lapsed",  # the lease ran out: its worker has crashed, or is too slow to be trusted
    "accepted",
    "deferred",  # the provider says: not now
    "refused",  # the provider says: never
    "lost",  # the connection broke when the message may have been taken already
    "exhausted",  # deferred once more than there are rungs on the ladder
    "resent",  # in doubt, and one message too many is better than none
    "delivered",
    "bounced",
]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one contact: one row for each effect id, however often it is wanted."""

    effect_id: UUID
    contact_id: UUID
    message_class: MessageClass
    due_at: datetime
    state: State = "planned"
    attempts: int = 0
    """How many times bytes may have left."""
    lease_until: datetime | None = None
    reason: str | None = None
    """Why it is where it is, in the provider's words or ours."""
    provider_id: str | None = None
    """What the provider calls it, for receipts."""


Stage: TypeAlias = Literal["session", "envelope", "message"]
"""How far the talk with a provider had come: greeting and login; sender and recipient; the message itself."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said last. `code` is None when it said nothing: it could not be reached, the
    connection broke, or time ran out. From the first byte of the message on, the stage is `message`."""

    stage: Stage
    code: int | None
    text: str = ""
    provider_id: str | None = None


# --- what was wanted, and by whom


@dataclass(frozen=True, slots=True)
class Cause:
    """The fact that wanted it: what is said of the delivery follows from that."""

    id: UUID
    correlation_id: UUID
    hops: int
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The message as it was wanted."""

    channel: str
    template: str
    campaign: str
    version: int
    journey_id: UUID
    step: str
    visit: int
    planned_at: datetime
    cause: Cause
