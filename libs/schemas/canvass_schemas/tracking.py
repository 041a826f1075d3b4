"""What `tracking` says: what contacts do, and who they are. A hearer ignores the fields it does not know."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field, JsonValue

from .envelope import Behaviour, ContactFact, Data, Request, Revised, State
from .requests import MessageRequest


class PrivacyData(Data):
    """What the contact's browser asks for; missing when it does not."""

    gpc: bool = False
    """Global Privacy Control (`Sec-GPC: 1`): the contact's data are not to be sold or shared."""
    dnt: bool = False
    """Do Not Track (`DNT: 1`)."""


class BehaviourContextData(Data):
    """Around what the contact did."""

    ip: str | None = None
    """The contact's address, as the sender states it, else as the browser's request came from."""
    privacy: PrivacyData | None = None
    """What the contact's browser asks for."""


class BehaviourData(Data):
    """What every behaviour tells."""

    message_id: str
    """The sender's own id of the event (`messageId`), by which it was taken once."""
    contact_known: bool
    """Whether the contact has told who it is. An anonymous visitor concerns `segments` alone."""
    contact_revision: int = Field(default=0, ge=0)
    """The contact as it was known then: what is wanted because of this needs it known at least so well."""
    properties: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """What the sender added, as it came."""
    context: BehaviourContextData | None = None
    """Around it, where it is known."""


class PageViewedData(BehaviourData):
    """The page."""

    path: str
    """`/pricing`: without host and query."""
    url: str | None = None
    """The whole address."""
    title: str | None = None
    """Of the document."""
    referrer: str | None = None
    """The address that the contact came from."""


class PageViewed(Behaviour[PageViewedData]):
    """A contact has looked at a page."""

    TYPE: ClassVar[str] = "tracking.page_viewed.v1"


class EventTrackedData(BehaviourData):
    """The event."""

    name: str
    """As the sender calls it: `Order Completed`."""


class EventTracked(Behaviour[EventTrackedData]):
    """A contact has done something that the sender gave a name."""

    TYPE: ClassVar[str] = "tracking.event_tracked.v1"


class FormSubmittedData(BehaviourData):
    """The form; what was filled in are its properties."""

    form: str
    """The form's key."""


class FormSubmitted(Behaviour[FormSubmittedData]):
    """A contact has submitted a form."""

    TYPE: ClassVar[str] = "tracking.form_submitted.v1"


class ReactionData(BehaviourData):
    """The message that the contact reacts to."""

    effect_id: UUID
    """Of the request that wanted the message."""
    channel: str
    """`email` or `sms`."""
    template: str
    """The template's key."""
    campaign: str | None = None
    """The campaign's key, if a campaign wanted the message; then journey and step are known, too."""
    journey_id: UUID | None = None
    """The journey that wanted the message."""
    step: str | None = None
    """The step that wanted it."""


class EmailOpened(Behaviour[ReactionData]):
    """A contact, or its mail program, has loaded the open pixel of an e-mail."""

    TYPE: ClassVar[str] = "tracking.email_opened.v1"


class LinkClickedData(ReactionData):
    """The message and the link in it."""

    url: str
    """Where the link leads."""


class LinkClicked(Behaviour[LinkClickedData]):
    """A contact has followed a link of a message."""

    TYPE: ClassVar[str] = "tracking.link_clicked.v1"


class FormMessageWantedData(MessageRequest):
    """The message and the form that wants it."""

    form: str
    """The form's key."""


class FormMessageWanted(Request[FormMessageWantedData]):
    """A form wants its submitter to confirm that the address is theirs."""

    TYPE: ClassVar[str] = "tracking.message_wanted.v1"


class ContactChangedData(Revised):
    """The whole contact record."""

    user_id: str | None = None
    """The sender's id of the person."""
    email: str | None = None
    """Lower case."""
    phone: str | None = None
    """E.164: `+14165550123`."""
    tags: list[str] = Field(default_factory=list[str])
    """Sorted, each once."""
    attributes: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """All that is known beside them. What is missing here is not set."""
    created_at: AwareDatetime
    """When the contact was first seen."""
    identified_at: AwareDatetime | None = None
    """When it first told who it is; missing for an anonymous visitor."""


class ContactChanged(State[ContactChangedData]):
    """A contact is new or has changed: this is all of it."""

    TYPE: ClassVar[str] = "tracking.contact_changed.v1"


class ContactMergedData(Data):
    """The contact that lives on."""

    into: UUID
    """Facts about the subject are about this contact from now on."""
    revision: int = Field(ge=1)
    """Of the contact that lives on, with the merge in it."""


class ContactMerged(ContactFact[ContactMergedData]):
    """Two contacts were one person: the subject is no more, and lives on in the other."""

    TYPE: ClassVar[str] = "tracking.contact_merged.v1"
