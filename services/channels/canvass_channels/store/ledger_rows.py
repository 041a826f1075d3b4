"""How deliveries lie in rows: what is written when they are planned or moved, and how they are read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Integer, Row, SmallInteger, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from canvass_channels.domain.model import Cause, Delivery, Wanted
from canvass_channels.domain.routing import DestinationKnown, TemplateKnown

PLANNED_COLUMNS = {
    "contact_id": Uuid(),
    "effect_id": Uuid(),
    "lane": Text(),
    "message_class": Text(),
    "channel": Text(),
    "wanted_by": Text(),
    "template": Text(),
    "destination": Text(),
    "campaign": Text(),
    "version": Integer(),
    "journey_id": Uuid(),
    "step": Text(),
    "visit": Integer(),
    "trigger": Text(),
    "form": Text(),
    "values": JSONB(),
    "planned_at": DateTime(timezone=True),
    "cause_id": Uuid(),
    "correlation_id": Uuid(),
    "hops": SmallInteger(),
    "traceparent": Text(),
}
MOVED_COLUMNS = {
    "effect_id": Uuid(),
    "was": Text(),
    "was_attempts": SmallInteger(),
    "was_leased": DateTime(timezone=True),
    "state": Text(),
    "attempts": SmallInteger(),
    "lease_until": DateTime(timezone=True),
    "due_at": DateTime(timezone=True),
    "reason": Text(),
    "provider_id": Text(),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger."""

    delivery: Delivery
    wanted: Wanted
    lane: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A planned delivery under its contact's lock, with what else decides about it."""

    entry: Entry
    campaign_rests: bool
    unsubscribed: bool
    template: TemplateKnown | None
    destination: DestinationKnown | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of the ledger, and since when it has stood as it does."""

    entry: Entry
    changed_at: datetime


def moved_row(old: Delivery, new: Delivery) -> tuple[Any, ...]:
    """In the order of `MOVED_COLUMNS`."""
    return (
        new.effect_id,
        old.state,
        old.attempts,
        old.lease_until,
        new.state,
        new.attempts,
        new.lease_until,
        new.due_at,
        new.reason,
        new.provider_id,
    )


def planned_row(entry: Entry) -> tuple[Any, ...]:
    """In the order of `PLANNED_COLUMNS`."""
    delivery, wanted = entry.delivery, entry.wanted
    return (
        delivery.contact_id,
        delivery.effect_id,
        entry.lane,
        delivery.message_class,
        delivery.channel,
        wanted.wanted_by,
        wanted.template,
        wanted.destination,
        wanted.campaign,
        wanted.version,
        wanted.journey_id,
        wanted.step,
        wanted.visit,
        wanted.trigger,
        wanted.form,
        wanted.values,
        wanted.planned_at,
        wanted.cause.id,
        wanted.cause.correlation_id,
        wanted.cause.hops,
        wanted.cause.traceparent,
    )


def read_candidate(row: Row[Any]) -> Candidate:
    """Of a row of `deliveries` and what `read_candidates` selects beside it."""
    template = destination = None
    if row.template_revision is not None:
        template = TemplateKnown(row.template_revision, row.template_channel, row.template_sender)
    if row.destination_revision is not None:
        destination = DestinationKnown(row.destination_revision, row.destination_kind, row.disabled)
    return Candidate(read_entry(row), row.rests, row.unsubscribed, template, destination)


def read_entry(row: Row[Any]) -> Entry:
    return Entry(_delivery(row), _wanted(row), row.lane)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        effect_id=row.effect_id,
        contact_id=row.contact_id,
        message_class=row.message_class,
        due_at=row.due_at,
        state=row.state,
        attempts=row.attempts,
        lease_until=row.lease_until,
        reason=row.reason,
        provider_id=row.provider_id,
        channel=row.channel,
    )


def _wanted(row: Row[Any]) -> Wanted:
    return Wanted(
        wanted_by=row.wanted_by,
        planned_at=row.planned_at,
        cause=Cause(row.cause_id, row.correlation_id, row.hops, row.traceparent),
        template=row.template,
        destination=row.destination,
        campaign=row.campaign,
        version=row.version,
        journey_id=row.journey_id,
        step=row.step,
        visit=row.visit,
        trigger=row.trigger,
        form=row.form,
        values=row._mapping["values"],
    )
