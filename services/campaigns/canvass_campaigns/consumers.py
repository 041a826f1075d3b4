"""What campaigns hear, and what they make of it."""

from collections.abc import Sequence
from typing import Any

from canvass_messaging.consumers import Consumers
from canvass_rules import BehaviourKind
from canvass_runtime.db import Tx
from canvass_schemas.channels import MessageFailed, MessageSent, MessageSuppressed
from canvass_schemas.envelope import MAX_HOPS, Behaviour
from canvass_schemas.segments import AudiencePage, ContactEntered, ContactLeft, VerdictGiven
from canvass_schemas.tracking import (
    ContactChanged,
    ContactMerged,
    EmailOpened,
    EventTracked,
    FormSubmitted,
    LinkClicked,
    PageViewed,
)

from .domain import listening
from .domain.signals import MessageOutcome, Settled, Verdict
from .store.contacts import keep_revisions
from .tables import contacts
from .use_cases import arriving, defining, hearing
from .use_cases.hearing import Answer, Membership

consumers = Consumers("campaigns", contacts=contacts, hops_limit=MAX_HOPS)
consumers.on_loop = defining.pause_what_loops


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    """What a contact has walked is walked by the one that it turned out to be."""
    newest = max(events, key=lambda event: event.time)
    merges = {event.subject: event.data.into for event in events}
    await hearing.contacts_merged(tx, merges, newest.time, newest)


@consumers.on(ContactChanged)
async def contact_changed(tx: Tx, events: Sequence[ContactChanged]) -> None:
    """What is wanted for a contact from now on needs it to be known at least so well."""
    await keep_revisions(tx, [(event.subject, event.revision) for event in events])


@consumers.on(ContactEntered)
async def contact_entered(tx: Tx, events: Sequence[ContactEntered]) -> None:
    """Who enters a segment enters the campaigns that it is a source of."""
    changes = [_membership(event, member=True) for event in events]
    await hearing.membership_changed(tx, changes, consumers.clock.now())


@consumers.on(ContactLeft)
async def contact_left(tx: Tx, events: Sequence[ContactLeft]) -> None:
    """Leaving is remembered; who has begun a journey finishes it."""
    changes = [_membership(event, member=False) for event in events]
    await hearing.membership_changed(tx, changes, consumers.clock.now())


@consumers.on(AudiencePage)
async def audience_page(tx: Tx, events: Sequence[AudiencePage]) -> None:
    """Who is in a segment already enters the campaign that has been published, too."""
    await arriving.audience_told(tx, events)


@consumers.on(PageViewed)
async def page_viewed(tx: Tx, events: Sequence[PageViewed]) -> None:
    """A decision may wait for it."""
    names = ("path", "url", "title")
    await _heard(tx, events, [_behaviour(event, "page_viewed", names) for event in events])


@consumers.on(EventTracked)
async def event_tracked(tx: Tx, events: Sequence[EventTracked]) -> None:
    """A decision may wait for it, and a campaign begin with it."""
    await _heard(tx, events, [_behaviour(event, "event_tracked", ("name",)) for event in events])


@consumers.on(FormSubmitted)
async def form_submitted(tx: Tx, events: Sequence[FormSubmitted]) -> None:
    """A decision may wait for it, and a campaign begin with it."""
    await _heard(tx, events, [_behaviour(event, "form_submitted", ("form",)) for event in events])


@consumers.on(EmailOpened)
async def email_opened(tx: Tx, events: Sequence[EmailOpened]) -> None:
    """A decision may wait for it."""
    names = ("template", "campaign")
    await _heard(tx, events, [_behaviour(event, "email_opened", names) for event in events])


@consumers.on(LinkClicked)
async def link_clicked(tx: Tx, events: Sequence[LinkClicked]) -> None:
    """A decision may wait for it."""
    names = ("url", "template", "campaign")
    await _heard(tx, events, [_behaviour(event, "link_clicked", names) for event in events])


@consumers.on(VerdictGiven)
async def verdict_given(tx: Tx, events: Sequence[VerdictGiven]) -> None:
    """A journey that rests on the verdict goes on."""
    await hearing.answered(tx, [_answer(event, _verdict(event)) for event in events])


@consumers.on(MessageSent)
async def message_sent(tx: Tx, events: Sequence[MessageSent]) -> None:
    """A journey that rests on the message goes on."""
    await _settled(tx, events, "sent")


@consumers.on(MessageFailed)
async def message_failed(tx: Tx, events: Sequence[MessageFailed]) -> None:
    """A journey that rests on the message goes on."""
    await _settled(tx, events, "failed")


@consumers.on(MessageSuppressed)
async def message_suppressed(tx: Tx, events: Sequence[MessageSuppressed]) -> None:
    """A journey that rests on the message goes on."""
    await _settled(tx, events, "suppressed")


def _membership(event: ContactEntered | ContactLeft, *, member: bool) -> Membership:
    data = event.data
    return Membership(event.subject, data.segment, member, data.revision, event.time, event)


async def _settled(
    tx: Tx, events: Sequence[MessageSent | MessageFailed | MessageSuppressed], outcome: MessageOutcome
) -> None:
    """Others want messages, too: theirs name no journey."""
    ours = [event for event in events if event.data.journey_id]
    await hearing.answered(tx, [_answer(event, _outcome(event, outcome)) for event in ours])


def _outcome(event: MessageSent | MessageFailed | MessageSuppressed, outcome: MessageOutcome) -> Settled:
    data = event.data
    reason = None if isinstance(event, MessageSent) else event.data.reason[:LONGEST_REASON]
    return Settled(data.step or "", data.visit or 1, outcome, event.id, reason)


LONGEST_REASON = 60
"""A step that is behind a journey is kept in few bytes; `channels` has the whole reason."""


def _verdict(event: VerdictGiven) -> Verdict:
    data = event.data
    return Verdict(data.step, data.visit, data.holds, data.values, event.id)


def _answer(event: Any, signal: Settled | Verdict) -> Answer:
    data = event.data
    return Answer(event.subject, data.campaign, data.journey_id, signal, event.time, event)


def _behaviour(event: Behaviour[Any], kind: BehaviourKind, names: Sequence[str]) -> listening.Behaviour:
    data = event.data
    asked = {f"properties.{name}": value for name, value in data.properties.items()}
    return listening.Behaviour(
        event.id,
        event.subject,
        kind,
        event.time,
        asked | {name: getattr(data, name) for name in names},
        data.contact_known,
        getattr(data, "channel", None),
        getattr(data, "campaign", None),
        getattr(data, "journey_id", None),
        getattr(data, "step", None),
    )


async def _heard(tx: Tx, events: Sequence[Behaviour[Any]], behaviours: Sequence[listening.Behaviour]) -> None:
    causes = {event.id: event for event in events}
    await hearing.behaviours_heard(tx, behaviours, causes, consumers.clock.now())
