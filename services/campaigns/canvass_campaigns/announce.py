"""The door out of campaigns: what was decided, as facts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from canvass_messaging.outbox import say
from canvass_runtime.db import Tx
from canvass_schemas.campaigns import (
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
)
from canvass_schemas.envelope import Fact

from .domain import model
from .domain.model import Effect, Journey
from .tables import messaging


@dataclass(frozen=True, slots=True)
class Decided:
    """Effects of one journey, when they came about, and the fact that led to them, if one did."""

    journey: Journey
    effects: Sequence[Effect]
    at: datetime
    cause: Fact[Any] | None


async def decided(tx: Tx, all_decided: Iterable[Decided], revisions: Mapping[UUID, int]) -> None:
    """Say what came about. `revisions`: as of which each contact is known here."""
    facts = [_fact(one, effect, revisions) for one in all_decided for effect in one.effects]
    await say(tx, messaging.outbox, facts)


async def campaign_published(tx: Tx, key: str, version: int, at: datetime) -> None:
    """A version is in force."""
    data = CampaignPublishedData(campaign=key, version=version)
    await say(tx, messaging.outbox, [CampaignPublished.of(data, time=at)])


async def campaigns_paused(tx: Tx, paused: Mapping[str, datetime], reason: str) -> None:
    """Campaigns rest, each since its time."""
    data = {key: CampaignPausedData(campaign=key, reason=reason) for key in paused}
    await say(tx, messaging.outbox, [CampaignPaused.of(data[key], time=at) for key, at in paused.items()])


def _fact(one: Decided, effect: Effect, revisions: Mapping[UUID, int]) -> Fact[Any]:
    about = {"subject": one.journey.contact_id, "time": one.at, "cause": one.cause, "id": effect.id}
    match effect:
        case model.WantMessage():
            return MessageWanted.of(_wanted(one.journey, effect, revisions), **about)
        case model.JourneyBegan():
            return JourneyEntered.of(JourneyData(**_walk(one.journey)), **about)
        case model.JourneyEnded(_, reason):
            return JourneyEnded.of(JourneyEndedData(**_walk(one.journey), reason=reason), **about)
        case _:
            assert_never(effect)


def _wanted(journey: Journey, effect: model.WantMessage, revisions: Mapping[UUID, int]) -> MessageWantedData:
    return MessageWantedData(
        effect_id=effect.id,
        contact_revision=revisions.get(journey.contact_id, 0),
        channel=effect.channel,
        template=effect.template,
        message_class=effect.message_class,
        campaign=journey.campaign,
        version=journey.version,
        journey_id=journey.id,
        step=effect.step,
        visit=effect.visit,
    )


def _walk(journey: Journey) -> dict[str, Any]:
    return {
        "journey_id": journey.id,
        "campaign": journey.campaign,
        "version": journey.version,
        "entry": journey.entry,
    }
