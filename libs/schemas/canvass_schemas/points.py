"""What `points` says: scores. A hearer ignores the fields it does not know."""

from typing import ClassVar

from pydantic import Field

from .envelope import ContactFact, Data, Request, Revised, State
from .requests import MembershipRequest, MessageRequest


class ScoreChangedData(Revised):
    """The score after the change."""

    score: int
    """All points of the contact together."""
    previous: int
    """What they were before."""


class ScoreChanged(State[ScoreChangedData]):
    """A contact's score has changed."""

    TYPE: ClassVar[str] = "points.score_changed.v1"


class ThresholdCrossedData(Data):
    """The trigger and the score that set it off."""

    trigger: str
    """The trigger's key."""
    threshold: int
    """The score to be reached."""
    score: int
    """The score after the change."""
    contact_revision: int = Field(default=0, ge=0)
    """The contact as whoever scored knew it."""


class ThresholdCrossed(ContactFact[ThresholdCrossedData]):
    """A contact's score has risen to the threshold of a trigger."""

    TYPE: ClassVar[str] = "points.threshold_crossed.v1"


class TriggerMessageWantedData(MessageRequest):
    """The message and the trigger that wants it."""

    trigger: str
    """The trigger's key."""


class TriggerMessageWanted(Request[TriggerMessageWantedData]):
    """A trigger wants a message sent: a webhook, a notification, or one to the contact."""

    TYPE: ClassVar[str] = "points.message_wanted.v1"


class TriggerMembershipWantedData(MembershipRequest):
    """The membership and the trigger that wants it."""

    trigger: str
    """The trigger's key."""


class TriggerMembershipWanted(Request[TriggerMembershipWantedData]):
    """A trigger wants its contact put into a segment, or out of it."""

    TYPE: ClassVar[str] = "points.membership_wanted.v1"
