"""What `campaigns` says: what it wants done, and where journeys stand. Unknown fields are ignored."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import ContactFact, Data, Fact, Request, Wanted


class MessageWantedData(Wanted):
    """The message and the step of the journey that wants it."""

    effect_id: UUID
    """Derived from journey, step and visit: however often it is wanted, the message is sent once."""
    channel: str
    """`email`."""
    template: str
    """The template's key."""
    message_class: Literal["marketing", "transactional"]
    """In doubt a marketing message is not sent again; a transactional one is."""
    campaign: str
    """The campaign's key."""
    version: int = Field(ge=1)
    """The campaign's version that the journey walks."""
    journey_id: UUID
    """The journey that rests until the message is sent, suppressed or has failed."""
    step: str
    """The step's id within the campaign."""
    visit: int = Field(ge=1)
    """How many times the journey has come to the step."""


class MessageWanted(Request[MessageWantedData]):
    """A journey wants a message sent to its contact."""

    TYPE: ClassVar[str] = "campaigns.message_wanted.v1"


class JourneyData(Data):
    """Which walk of which contact through which campaign."""

    journey_id: UUID
    """One for each time that the contact enters."""
    campaign: str
    """The campaign's key."""
    version: int = Field(ge=1)
    """The campaign's version that the journey walks."""
    entry: int = Field(ge=1)
    """How many times the contact has entered the campaign."""


class JourneyEntered(ContactFact[JourneyData]):
    """A contact has begun to walk through a campaign."""

    TYPE: ClassVar[str] = "campaigns.journey_entered.v1"


class JourneyEndedData(JourneyData):
    """The journey and how it ended."""

    reason: str
    """`completed`, or what cut it short."""


class JourneyEnded(ContactFact[JourneyEndedData]):
    """A contact's journey is over."""

    TYPE: ClassVar[str] = "campaigns.journey_ended.v1"


class CampaignPublishedData(Data):
    """The campaign and its version."""

    campaign: str
    """The campaign's key."""
    version: int = Field(ge=1)
    """Grows with each publishing; a version never changes."""


class CampaignPublished(Fact[CampaignPublishedData]):
    """A version of a campaign is in force, and what it wants may be sent."""

    TYPE: ClassVar[str] = "campaigns.campaign_published.v1"


class CampaignPausedData(Data):
    """The campaign and why."""

    campaign: str
    """The campaign's key."""
    reason: str
    """For the people who read it."""


class CampaignPaused(Fact[CampaignPausedData]):
    """A campaign rests: what it wants is not sent until it is published again."""

    TYPE: ClassVar[str] = "campaigns.campaign_paused.v1"
