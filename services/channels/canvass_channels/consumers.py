"""What channels hear, and what they make of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from canvass_messaging.consumers import Consumers
from canvass_runtime.clock import Clock
from canvass_runtime.db import Tx
from canvass_schemas.campaigns import CampaignPaused, CampaignPublished, MessageWanted, MessageWantedData
from canvass_schemas.points import TriggerMessageWanted, TriggerMessageWantedData
from canvass_schemas.requests import MessageRequest
from canvass_schemas.tracking import ContactChanged, ContactMerged, FormMessageWanted, FormMessageWantedData

from .domain.model import Cause, Delivery, Wanted
from .store import deliveries
from .store.contacts import Contact, keep_campaigns, keep_contacts
from .store.ledger_rows import Entry
from .tables import contacts
from .use_cases import consenting, ledger

Requested: TypeAlias = MessageWanted | TriggerMessageWanted | FormMessageWanted

consumers = Consumers("channels", contacts=contacts)


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    """What a contact wants, and what was wanted for it, is of the one that it turned out to be."""
    merges = {(event.subject, event.data.into) for event in events}
    await deliveries.hand_over(tx, merges)
    await consenting.unite(tx, merges, Clock().now())


@consumers.on(ContactChanged)
async def contact_changed(tx: Tx, events: Sequence[ContactChanged]) -> None:
    """Addresses, and what templates may say."""
    await keep_contacts(tx, [_contact(event) for event in events])


@consumers.on(CampaignPublished)
async def campaign_published(tx: Tx, events: Sequence[CampaignPublished]) -> None:
    """What the campaign wants is sent."""
    await _campaigns(tx, events, rests=False)


@consumers.on(CampaignPaused)
async def campaign_paused(tx: Tx, events: Sequence[CampaignPaused]) -> None:
    """What the campaign wants, and is not claimed yet, is not sent."""
    await _campaigns(tx, events, rests=True)


@consumers.on(MessageWanted)
async def message_wanted(tx: Tx, events: Sequence[MessageWanted]) -> None:
    """A line in the ledger, and the message is on its way."""
    await _plan(tx, events)


@consumers.on(TriggerMessageWanted)
async def trigger_message_wanted(tx: Tx, events: Sequence[TriggerMessageWanted]) -> None:
    """Likewise, because a score has risen."""
    await _plan(tx, events)


@consumers.on(FormMessageWanted)
async def form_message_wanted(tx: Tx, events: Sequence[FormMessageWanted]) -> None:
    """Likewise, so that somebody confirms an address."""
    await _plan(tx, events)


async def _plan(tx: Tx, events: Iterable[Requested]) -> None:
    now = Clock().now()  # real time, as everything about attempts and leases
    await ledger.plan(tx, [_entry(event, tx.lane, now) for event in events])


async def _campaigns(tx: Tx, events: Iterable[CampaignPublished | CampaignPaused], *, rests: bool) -> None:
    newest = {event.data.campaign: event.time for event in sorted(events, key=lambda event: event.time)}
    await keep_campaigns(tx, [(campaign, rests, at) for campaign, at in newest.items()])


def _contact(event: ContactChanged) -> Contact:
    data = event.data
    return Contact(
        event.subject, event.revision, data.user_id, data.email, data.phone, data.tags, data.attributes
    )


def _entry(event: Requested, lane: str, now: datetime) -> Entry:
    data = event.data
    delivery = Delivery(data.effect_id, event.subject, data.message_class, due_at=now, channel=data.channel)
    wanted = Wanted(
        wanted_by=event.speaker(),
        planned_at=now,
        cause=Cause(event.id, event.correlationid or event.id, event.hops, event.traceparent),
        template=data.template,
        destination=data.destination,
        values=data.values,
        **_by_whom(data),
    )
    return Entry(delivery, wanted, lane)


def _by_whom(data: MessageRequest) -> dict[str, Any]:
    """The step of a journey, the trigger or the form that wants it."""
    match data:
        case MessageWantedData():
            return {
                "campaign": data.campaign,
                "version": data.version,
                "journey_id": data.journey_id,
                "step": data.step,
                "visit": data.visit,
            }
        case TriggerMessageWantedData():
            return {"trigger": data.trigger}
        case FormMessageWantedData():
            return {"form": data.form}
        case _:
            return {}
