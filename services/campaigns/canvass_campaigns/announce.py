"""The door out of campaigns: what was decided, as facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never, cast
from uuid import UUID

from canvass_messaging.outbox import say
from canvass_rules import dump
from canvass_runtime.db import Tx
from canvass_schemas.campaigns import (
    AudienceWanted,
    AudienceWantedData,
    CampaignPaused,
    CampaignPausedData,
    CampaignPublished,
    CampaignPublishedData,
    JourneyData,
    JourneyEnded,
    JourneyEndedData,
    JourneyEntered,
    MessageWanted,
    MessageWantedData,
    StepMembershipWanted,
    StepMembershipWantedData,
    VerdictWanted,
    VerdictWantedData,
)
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import uuid7
from pydantic import JsonValue

from .domain import signals
from .domain.model import Campaign, Journey
from .domain.signals import Effect, WantMembership, WantMessage, WantVerdict
from .tables import messaging


@dataclass(frozen=True, slots=True)
class Decided:
    """Effects of one journey, when they came about, and the fact that led to them, if one did."""

    journey: Journey
    effects: Sequence[Effect]
    at: datetime
    cause: Fact[Any] | None
    contact_revision: int = 0
    """As of which the contact was known to whoever led to it, if that is no fact of its own."""

    def wants(self) -> bool:
        """Whether something is wanted for the contact, which must be known well enough then."""
        return any(isinstance(one, WantMessage | WantVerdict | WantMembership) for one in self.effects)


async def decided(tx: Tx, all_decided: Iterable[Decided], revisions: Mapping[UUID, int]) -> None:
    """Say what came about. `revisions`: as of which each contact is known here."""
    facts = [_fact(one, effect, revisions) for one in all_decided for effect in one.effects]
    await say(tx, messaging.outbox, facts)


async def campaign_published(tx: Tx, key: str, version: int, at: datetime) -> None:
    """A version is in force."""
    data = CampaignPublishedData(campaign=key, version=version)
    await say(tx, messaging.outbox, [CampaignPublished.of(data, time=at)])


async def audiences_wanted(tx: Tx, campaign: Campaign, at: datetime) -> None:
    """It wants to know who is in its segments by now."""
    facts = [
        AudienceWanted.of(
            AudienceWantedData(
                request_id=uuid7(), campaign=campaign.key, version=campaign.version, segment=segment
            ),
            time=at,
        )
        for segment in campaign.segments
    ]
    await say(tx, messaging.outbox, facts)


async def campaigns_paused(tx: Tx, paused: Mapping[str, datetime], reason: str) -> None:
    """Campaigns rest, each since its time."""
    data = {key: CampaignPausedData(campaign=key, reason=reason) for key in paused}
    await say(tx, messaging.outbox, [CampaignPaused.of(data[key], time=at) for key, at in paused.items()])


def _fact(one: Decided, effect: Effect, revisions: Mapping[UUID, int]) -> Fact[Any]:
    about = {"subject": one.journey.contact_id, "time": one.at, "cause": one.cause, "id": effect.id}
    match effect:
        case signals.JourneyBegan():
            return JourneyEntered.of(JourneyData(**_walk(one.journey)), **about)
        case signals.JourneyEnded(_, reason):
            return JourneyEnded.of(JourneyEndedData(**_walk(one.journey), reason=reason), **about)
        case _:
            wanted = {**_step(one.journey, effect), "contact_revision": revisions[one.journey.contact_id]}
            return _wanted(effect, wanted, about)


def _wanted(
    effect: WantMessage | WantVerdict | WantMembership, wanted: dict[str, Any], about: dict[str, Any]
) -> Fact[Any]:
    match effect:
        case WantMessage():
            send = effect.send
            data = MessageWantedData(
                **wanted,
                channel=send.channel,
                template=send.template,
                destination=send.destination,
                message_class=send.message_class,
                values=cast("dict[str, JsonValue]", send.values),
            )
            return MessageWanted.of(data, **about)
        case WantVerdict():
            return VerdictWanted.of(
                VerdictWantedData(**wanted, rules=cast("dict[str, JsonValue]", dump(effect.rules))), **about
            )
        case WantMembership():
            data = StepMembershipWantedData(**wanted, segment=effect.segment, member=effect.member)
            return StepMembershipWanted.of(data, **about)
        case _:
            assert_never(effect)


def _step(journey: Journey, effect: WantMessage | WantVerdict | WantMembership) -> dict[str, Any]:
    return {
        "effect_id": effect.id,
        "campaign": journey.campaign,
        "version": journey.version,
        "journey_id": journey.id,
        "step": effect.step,
        "visit": effect.visit,
    }


def _walk(journey: Journey) -> dict[str, Any]:
    return {
        "journey_id": journey.id,
        "campaign": journey.campaign,
        "version": journey.version,
        "entry": journey.entry,
    }
