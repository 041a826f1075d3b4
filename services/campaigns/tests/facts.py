"""Facts as campaigns hears them."""

from datetime import UTC, datetime
from uuid import uuid4

from canvass_schemas.channels import MessageSent, MessageSentData
from canvass_schemas.segments import (
    AudiencePage,
    AudiencePageData,
    Member,
    VerdictGiven,
    VerdictGivenData,
)
from canvass_schemas.tracking import (
    EmailOpened,
    EventTracked,
    EventTrackedData,
    FormSubmitted,
    FormSubmittedData,
    LinkClicked,
    LinkClickedData,
    PageViewed,
    PageViewedData,
    ReactionData,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def told(known=True, **properties):
    return {"message_id": str(uuid4()), "contact_known": known, "properties": properties}


def page(contact, path="/pricing", at=NOON, known=True, contact_revision=0):
    data = PageViewedData(path=path, contact_revision=contact_revision, **told(known))
    return PageViewed.of(data, subject=contact, time=at)


def tracked(contact, name="Signed up", at=NOON, known=True, **properties):
    return EventTracked.of(EventTrackedData(name=name, **told(known, **properties)), subject=contact, time=at)


def submitted(contact, form="webinar", at=NOON, **properties):
    return FormSubmitted.of(
        FormSubmittedData(form=form, **told(True, **properties)), subject=contact, time=at
    )


def opened(wanted, at=NOON):
    return EmailOpened.of(ReactionData(**_reaction(wanted)), subject=wanted.subject, time=at)


def clicked(wanted, url="https://shop.example/x", at=NOON):
    return LinkClicked.of(LinkClickedData(url=url, **_reaction(wanted)), subject=wanted.subject, time=at)


def _reaction(wanted):
    names = ("effect_id", "channel", "template", "campaign", "journey_id", "step")
    return {name: getattr(wanted.data, name) for name in names} | told()


def sent(wanted, at=NOON):
    names = ("effect_id", "channel", "template", "campaign", "journey_id", "step", "visit")
    data = MessageSentData(**{name: getattr(wanted.data, name) for name in names}, wanted_by="campaigns")
    return MessageSent.of(data, subject=wanted.subject, time=at, cause=wanted)


def verdict(wanted, holds, at=NOON, **values):
    names = ("effect_id", "campaign", "journey_id", "step", "visit")
    data = {name: getattr(wanted.data, name) for name in names}
    return VerdictGiven.of(
        VerdictGivenData(holds=holds, values=values, **data), subject=wanted.subject, time=at, cause=wanted
    )


def audience(asked, *members, last=True):
    data = AudiencePageData(
        request_id=asked.data.request_id,
        campaign=asked.data.campaign,
        segment=asked.data.segment,
        page=1,
        last=last,
        members=[Member(contact_id=id_, revision=revision, contact_revision=3) for id_, revision in members],
    )
    return AudiencePage.of(data, time=NOON, cause=asked)
