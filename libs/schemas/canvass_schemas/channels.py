"""What `channels` says: what became of messages. A hearer ignores the fields it does not know."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import ContactFact, Data


class MessageData(Data):
    """Which message, and the step of the journey that wanted it."""

    effect_id: UUID
    """Of the request that it answers."""
    journey_id: UUID
    """The journey that rests on it."""
    campaign: str
    """The campaign's key."""
    step: str
    """The step's id within the campaign."""
    visit: int = Field(ge=1)
    """How many times the journey has come to the step."""
    channel: str
    """`email`."""


class MessageSentData(MessageData):
    """The message as it was accepted."""

    provider_id: str | None = None
    """What the provider calls it, where it gives it a name."""


class MessageSent(ContactFact[MessageSentData]):
    """A provider has accepted a message."""

    TYPE: ClassVar[str] = "channels.message_sent.v1"


class MessageFailedData(MessageData):
    """The message and why."""

    reason: str
    """What the provider answered, or what could not be rendered."""


class MessageFailed(ContactFact[MessageFailedData]):
    """A message could not be sent, and will not be."""

    TYPE: ClassVar[str] = "channels.message_failed.v1"


class MessageSuppressedData(MessageData):
    """The message and why."""

    reason: str
    """What forbade it: no address, no consent, a campaign at rest."""


class MessageSuppressed(ContactFact[MessageSuppressedData]):
    """A message was wanted but must not be sent."""

    TYPE: ClassVar[str] = "channels.message_suppressed.v1"
