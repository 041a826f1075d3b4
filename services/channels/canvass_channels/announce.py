"""The door out of channels: what became of messages, as facts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_messaging.outbox import say
from canvass_runtime.db import Tx
from canvass_schemas.campaigns import MessageWanted
from canvass_schemas.channels import (
    ConsentChanged,
    ConsentChangedData,
    MessageFailed,
    MessageFailedData,
    MessageSent,
    MessageSentData,
    MessageSuppressed,
    MessageSuppressedData,
)
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import derived

from .domain.consent import Consent
from .domain.model import Cause, Delivery, MessageOutcome, Wanted
from .tables import messaging


@dataclass(frozen=True, slots=True)
class Settled:
    """A delivery that has come to an outcome."""

    delivery: Delivery
    wanted: Wanted
    outcome: MessageOutcome


async def settled(tx: Tx, deliveries: Iterable[Settled], now: datetime) -> None:
    """Say what became of them."""
    await say(tx, messaging.outbox, [_fact(one, now) for one in deliveries])


@dataclass(frozen=True, slots=True)
class Said:
    """What a contact wants of one channel from now on."""

    contact_id: UUID
    channel: str
    consent: Consent


async def consent_changed(tx: Tx, changes: Iterable[Said]) -> None:
    """Say what contacts want from now on."""
    await say(tx, messaging.outbox, [_consent(one) for one in changes])


def _consent(one: Said) -> Fact[Any]:
    consent = one.consent
    data = ConsentChangedData(
        revision=consent.revision, channel=one.channel, status=consent.status, reason=consent.reason
    )
    return ConsentChanged.of(data, subject=one.contact_id, time=consent.changed_at)


def _fact(one: Settled, now: datetime) -> Fact[Any]:
    delivery, wanted = one.delivery, one.wanted
    message: Mapping[str, Any] = {
        "effect_id": delivery.effect_id,
        "wanted_by": wanted.wanted_by,
        "channel": delivery.channel,
        "template": wanted.template,
        "destination": wanted.destination,
        "journey_id": wanted.journey_id,
        "campaign": wanted.campaign,
        "step": wanted.step,
        "visit": wanted.visit,
    }
    about: Mapping[str, Any] = {
        "subject": delivery.contact_id,
        "time": now,
        "cause": _cause(wanted.cause),
        "id": derived(delivery.effect_id, one.outcome),
    }
    reason = delivery.reason or ""
    match one.outcome:
        case "sent":
            return MessageSent.of(MessageSentData(**message, provider_id=delivery.provider_id), **about)
        case "failed":
            return MessageFailed.of(MessageFailedData(**message, reason=reason), **about)
        case "suppressed":
            return MessageSuppressed.of(MessageSuppressedData(**message, reason=reason), **about)


def _cause(cause: Cause) -> MessageWanted:
    """As much of the fact that wanted it as following from it takes."""
    return MessageWanted.model_construct(
        id=cause.id,
        correlationid=cause.correlation_id,
        hops=cause.hops,
        traceparent=cause.traceparent,
    )
