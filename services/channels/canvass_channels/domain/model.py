"""The words of channels, read from the top: what is, what can happen to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias
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
    channel: str = "email"


Stage: TypeAlias = Literal["session", "envelope", "message", "address", "provider", "receiver"]
"""How far the talk had come when it ended. With a mail server: greeting and login; sender and recipient; the
message itself. Over HTTP: no connection was had (`session`), none may be had (`address`), or the request was
under way to a provider of SMS or to the receiver of a webhook, whose status is then the code."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said last. `code` is None when it said nothing: it could not be reached, the
    connection broke, or time ran out."""

    stage: Stage
    code: int | None
    text: str = ""
    provider_id: str | None = None
    wait_seconds: float = 0
    """How long it asks to be left alone before the next attempt."""


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
    """The message as it was wanted, by a step of a journey, a trigger or a form."""

    wanted_by: str
    """The service that wanted it."""
    planned_at: datetime
    cause: Cause
    template: str | None = None
    destination: str | None = None
    campaign: str | None = None
    version: int | None = None
    journey_id: UUID | None = None
    step: str | None = None
    visit: int | None = None
    trigger: str | None = None
    form: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What whoever wanted it adds."""
