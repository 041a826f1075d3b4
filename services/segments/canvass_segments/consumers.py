"""Door 2, facts: what `segments` hears, in its own words."""

from collections.abc import Sequence
from typing import Any

from canvass_messaging.consumers import Consumers
from canvass_runtime.db import Tx
from canvass_schemas.campaigns import AudienceWanted, StepMembershipWanted, VerdictWanted
from canvass_schemas.envelope import Fact
from canvass_schemas.points import ScoreChanged, TriggerMembershipWanted
from canvass_schemas.tracking import (
    ContactChanged,
    ContactMerged,
    EmailOpened,
    EventTracked,
    FormSubmitted,
    LinkClicked,
    PageViewed,
)

from canvass_segments import tables
from canvass_segments.domain.model import Behaviour, Merge, Person, Score, Wish
from canvass_segments.use_cases import answering, hearing, placing, showing
from canvass_segments.use_cases.hearing import Batch

consumers = Consumers("segments", contacts=tables.contacts)


@consumers.on(PageViewed)
async def page_viewed(tx: Tx, events: Sequence[PageViewed]) -> None:
    """Contacts have looked at pages."""
    await hearing.behave(tx, [_page(event) for event in events], _batch(events))


@consumers.on(EventTracked)
async def event_tracked(tx: Tx, events: Sequence[EventTracked]) -> None:
    """Contacts have done what the sender gave a name."""
    await hearing.behave(tx, [_event(event) for event in events], _batch(events))


@consumers.on(FormSubmitted)
async def form_submitted(tx: Tx, events: Sequence[FormSubmitted]) -> None:
    """Contacts have submitted forms."""
    await hearing.behave(tx, [_form(event) for event in events], _batch(events))


@consumers.on(EmailOpened)
async def email_opened(tx: Tx, events: Sequence[EmailOpened]) -> None:
    """Contacts have opened e-mails."""
    await hearing.behave(tx, [_opening(event) for event in events], _batch(events))


@consumers.on(LinkClicked)
async def link_clicked(tx: Tx, events: Sequence[LinkClicked]) -> None:
    """Contacts have followed links of messages."""
    await hearing.behave(tx, [_click(event) for event in events], _batch(events))


@consumers.on(ContactChanged)
async def contact_changed(tx: Tx, events: Sequence[ContactChanged]) -> None:
    """Contacts are new, or known better."""
    await hearing.change(tx, [_person(event) for event in events], _batch(events))


@consumers.on(ScoreChanged)
async def score_changed(tx: Tx, events: Sequence[ScoreChanged]) -> None:
    """Contacts have earned or lost points."""
    scores = [Score(event.subject, event.id, event.data.score, event.data.revision) for event in events]
    await hearing.score(tx, scores, _batch(events))


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    """Contacts were others all along."""
    merges = [Merge(event.subject, event.data.into, event.id) for event in events]
    await hearing.merge(tx, merges, _batch(events))


@consumers.on(TriggerMembershipWanted)
async def trigger_membership_wanted(tx: Tx, events: Sequence[TriggerMembershipWanted]) -> None:
    """Triggers want contacts in segments, or out of them."""
    await placing.place(tx, [_wish(event) for event in events], _by_id(events))


@consumers.on(StepMembershipWanted)
async def step_membership_wanted(tx: Tx, events: Sequence[StepMembershipWanted]) -> None:
    """Journeys want contacts in segments, or out of them."""
    await placing.place(tx, [_wish(event) for event in events], _by_id(events))


@consumers.on(VerdictWanted)
async def verdict_wanted(tx: Tx, events: Sequence[VerdictWanted]) -> None:
    """Journeys ask whether rules hold."""
    await answering.answer(tx, events, consumers.clock.now())


@consumers.on(AudienceWanted)
async def audience_wanted(tx: Tx, events: Sequence[AudienceWanted]) -> None:
    """Campaigns ask who is in a segment."""
    await showing.take(tx, events)


def _page(event: PageViewed) -> Behaviour:
    data = event.data
    return Behaviour(
        event.subject, event.time, event.id, "page_viewed", data.path, data.properties, data.url, data.title
    )


def _event(event: EventTracked) -> Behaviour:
    data = event.data
    return Behaviour(event.subject, event.time, event.id, "event_tracked", data.name, data.properties)


def _form(event: FormSubmitted) -> Behaviour:
    data = event.data
    return Behaviour(event.subject, event.time, event.id, "form_submitted", data.form, data.properties)


def _opening(event: EmailOpened) -> Behaviour:
    data = event.data
    return Behaviour(
        event.subject,
        event.time,
        event.id,
        "email_opened",
        data.template,
        data.properties,
        campaign=data.campaign,
    )


def _click(event: LinkClicked) -> Behaviour:
    data = event.data
    return Behaviour(
        event.subject,
        event.time,
        event.id,
        "link_clicked",
        data.url,
        data.properties,
        template=data.template,
        campaign=data.campaign,
    )


def _person(event: ContactChanged) -> Person:
    data = event.data
    return Person(
        event.subject,
        event.id,
        data.revision,
        data.user_id,
        data.email,
        data.attributes,
        data.phone,
        data.tags,
    )


def _wish(event: TriggerMembershipWanted | StepMembershipWanted) -> Wish:
    return Wish(event.subject, event.data.segment, event.data.member, event.time, event.id)


def _batch(events: Sequence[Fact[Any]]) -> Batch:
    return Batch(_by_id(events), consumers.clock.now())


def _by_id(events: Sequence[Fact[Any]]) -> dict[Any, Fact[Any]]:
    return {event.id: event for event in events}
