"""Door 2, facts: what `points` hears, in its own words."""

from collections.abc import Sequence
from typing import Any

from canvass_messaging.consumers import Consumers
from canvass_rules import BehaviourKind
from canvass_rules.vocabulary import BEHAVIOURS
from canvass_runtime.db import Tx
from canvass_schemas.envelope import ContactFact, Fact
from canvass_schemas.tracking import (
    ContactMerged,
    EmailOpened,
    EventTracked,
    FormSubmitted,
    LinkClicked,
    PageViewed,
)

from canvass_points import tables
from canvass_points.domain.model import Behaviour, Merge
from canvass_points.use_cases import earning

consumers = Consumers("points", contacts=tables.contacts)


@consumers.on(PageViewed)
async def page_viewed(tx: Tx, events: Sequence[PageViewed]) -> None:
    """Contacts have looked at pages."""
    await _earn(tx, "page_viewed", events)


@consumers.on(EventTracked)
async def event_tracked(tx: Tx, events: Sequence[EventTracked]) -> None:
    """Contacts have done what the sender gave a name."""
    await _earn(tx, "event_tracked", events)


@consumers.on(FormSubmitted)
async def form_submitted(tx: Tx, events: Sequence[FormSubmitted]) -> None:
    """Contacts have filled in forms."""
    await _earn(tx, "form_submitted", events)


@consumers.on(EmailOpened)
async def email_opened(tx: Tx, events: Sequence[EmailOpened]) -> None:
    """Contacts, or their mail programs, have opened e-mails."""
    await _earn(tx, "email_opened", events)


@consumers.on(LinkClicked)
async def link_clicked(tx: Tx, events: Sequence[LinkClicked]) -> None:
    """Contacts have followed links of messages."""
    await _earn(tx, "link_clicked", events)


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    """Contacts were others all along."""
    merges = [Merge(one.subject, one.data.into, one.id, one.data.revision) for one in events]
    await earning.merge(tx, merges, _by_id(events))


async def _earn(tx: Tx, kind: BehaviourKind, events: Sequence[ContactFact[Any]]) -> None:
    await earning.earn(tx, kind, (_behaviour(kind, event) for event in events), _by_id(events))


def _behaviour(kind: BehaviourKind, event: ContactFact[Any]) -> Behaviour:
    data = event.data
    return Behaviour(
        event_id=event.id,
        contact_id=event.subject,
        kind=kind,
        at=event.time,
        details={asked: getattr(data, asked) for asked in BEHAVIOURS[kind]},
        properties=data.properties,
        contact_known=data.contact_known,
        contact_revision=data.contact_revision,
    )


def _by_id(events: Sequence[Fact[Any]]) -> earning.Causes:
    return {event.id: event for event in events}
