"""What `channels` says: what became of messages. A hearer ignores the fields it does not know."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import ContactFact, Data, Revised, State


class MessageData(Data):
    """Which message, and who wanted it."""

    effect_id: UUID
    """Of the request that it answers."""
    wanted_by: str
    """The service that wanted it: `campaigns`, `points` or `tracking`."""
    channel: str
    """`email`, `sms`, `webhook` or `notify`."""
    template: str | None = None
    """The template's key."""
    destination: str | None = None
    """The destination's key, of `webhook` and `notify`."""
    journey_id: UUID | None = None
    """The journey that rests on it, if a campaign wanted it; then campaign, step and visit are known, too."""
    campaign: str | None = None
    """The campaign's key."""
    step: str | None = None
    """The step's id within the campaign."""
    visit: int | None = Field(default=None, ge=1)
    """How many times the journey has come to the step."""


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


class ConsentChangedData(Revised):
    """Whether the contact may be written to by one channel."""

    channel: str
    """`email` or `sms`."""
    status: Literal["subscribed", "unsubscribed"]
    """What holds from now on."""
    reason: str
    """`one_click`, `page`, `api`, ...: how the contact said so."""


class ConsentChanged(State[ConsentChangedData]):
    """A contact has unsubscribed from a channel, or subscribed again."""

    TYPE: ClassVar[str] = "channels.consent_changed.v1"

    def key(self) -> tuple[UUID, str | None]:
        return self.subject, self.data.channel
