"""What `campaigns` says: what it wants done, and where journeys stand. Unknown fields are ignored."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field, JsonValue

from .envelope import ContactFact, Data, Fact, Request, Wanted
from .requests import MembershipRequest, MessageRequest


class StepData(Data):
    """A step of a journey."""

    campaign: str
    """The campaign's key."""
    version: int = Field(ge=1)
    """The campaign's version that the journey walks."""
    journey_id: UUID
    """The journey that rests at the step."""
    step: str
    """The step's id within the campaign."""
    visit: int = Field(ge=1)
    """How many times the journey has come to the step."""


class MessageWantedData(StepData, MessageRequest):
    """The message and the step of the journey that wants it, and rests until it has become of it what may."""


class MessageWanted(Request[MessageWantedData]):
    """A journey wants a message sent to its contact."""

    TYPE: ClassVar[str] = "campaigns.message_wanted.v1"


class VerdictWantedData(StepData, Wanted):
    """The rules, and the step of the journey that asks."""

    effect_id: UUID
    """Derived from journey, step and visit: the answer carries it."""
    rules: dict[str, JsonValue]
    """A document of the rule language, such as a segment has."""


class VerdictWanted(Request[VerdictWantedData]):
    """A journey asks whether rules hold for its contact, and rests until it knows."""

    TYPE: ClassVar[str] = "campaigns.verdict_wanted.v1"


class StepMembershipWantedData(StepData, MembershipRequest):
    """The membership and the step of the journey that wants it."""


class StepMembershipWanted(Request[StepMembershipWantedData]):
    """A journey wants its contact put into a segment, or out of it."""

    TYPE: ClassVar[str] = "campaigns.membership_wanted.v1"


class AudienceWantedData(Data):
    """The segment and the campaign."""

    request_id: UUID
    """The pages carry it."""
    campaign: str
    """The campaign's key."""
    version: int = Field(ge=1)
    """The campaign's version that was published."""
    segment: str
    """The segment's key."""


class AudienceWanted(Fact[AudienceWantedData]):
    """A campaign that was published wants to know who is in a segment by now."""

    TYPE: ClassVar[str] = "campaigns.audience_wanted.v1"


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
