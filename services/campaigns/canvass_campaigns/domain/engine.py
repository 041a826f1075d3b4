"""What one signal does to one journey. No clock, no chance, no I/O: same in, same out.

A journey that has begun and not ended rests at one position or more. A position goes on when what
it rests for has come: a message settled, a time. Whatever else is heard is late, repeated or meant
for another step, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID, uuid5

from canvass_campaigns.domain.model import (
    Campaign,
    Effect,
    Entered,
    Exited,
    Journey,
    JourneyBegan,
    JourneyEnded,
    Outcome,
    Position,
    SendEmail,
    Settled,
    Signal,
    StepId,
    Wait,
    WantMessage,
    Woke,
)

_JOURNEYS = UUID("6b1d1f0e-64f5-5a3e-9f6b-2d1f6a0c7b52")
"""The namespace of journey ids. Changing it would let every contact enter every campaign anew."""


class WrongVersion(ValueError):
    """A journey walks the version that it began on: load the campaign with the journey's own version."""


def outset(campaign: Campaign, contact_id: UUID, entry: int = 1) -> Journey:
    """A contact about to enter for the `entry`th time. The id is the same however often it is asked."""
    journey_id = uuid5(_JOURNEYS, f"{campaign.key}/{contact_id}/{entry}")
    return Journey(journey_id, contact_id, campaign.key, campaign.version, entry)


def advance(campaign: Campaign, journey: Journey, signal: Signal, now: datetime) -> Outcome:
    """Move the journey as far as the signal carries it.

    Raises WrongVersion when the campaign is not the version that the journey walks.
    """
    if (campaign.version, campaign.key) != (journey.version, journey.campaign):
        raise WrongVersion(f"journey {journey.id} walks {journey.campaign} version {journey.version}")
    match signal:
        case Entered() if journey.began_at is None:
            began = JourneyBegan(_effect_id(journey, "began"))
            return _walk(campaign, journey, campaign.start, now, effects=[began])
        case Settled():
            return _leave(campaign, journey, _settled(campaign, journey, signal), now)
        case Woke():
            return _leave(campaign, journey, _due(journey, now), now)
        case Exited(reason) if journey.open:
            ended = JourneyEnded(_effect_id(journey, "ended"), reason)
            return Outcome(replace(journey, open=(), ended_at=now, end=reason), (ended,))
        case _:
            return Outcome(journey)  # begun already, or over


def _settled(campaign: Campaign, journey: Journey, signal: Settled) -> tuple[Position, ...]:
    return tuple(
        at
        for at in journey.open
        if (at.step, at.visit) == (signal.step, signal.visit)
        and isinstance(campaign.steps[at.step], SendEmail)
    )


def _due(journey: Journey, now: datetime) -> tuple[Position, ...]:
    return tuple(at for at in journey.open if at.wakes_at and at.wakes_at <= now)


def _leave(campaign: Campaign, journey: Journey, leaving: tuple[Position, ...], now: datetime) -> Outcome:
    if not leaving:
        return Outcome(journey)
    staying = tuple(at for at in journey.open if at not in leaving)
    heads = [step for at in leaving for step in campaign.steps[at.step].next]
    return _walk(campaign, journey, heads, now, staying=staying)


def _walk(
    campaign: Campaign,
    journey: Journey,
    heads: Iterable[StepId],
    now: datetime,
    *,
    staying: tuple[Position, ...] = (),
    effects: Sequence[Effect] = (),
) -> Outcome:
    """Come to each of these steps and rest there, beside what rests already. Nowhere to rest: it is over."""
    positions, visits, effects = list(staying), dict(journey.visits), list(effects)
    for step in heads:
        if step not in visits:
            visits[step] = 1
            positions.append(_arrive(campaign, journey, step, now, effects))
    if not positions:
        effects.append(JourneyEnded(_effect_id(journey, "ended"), "completed"))
    journey = replace(
        journey,
        open=tuple(positions),
        visits=visits,
        began_at=journey.began_at or now,
        ended_at=None if positions else now,
        end=None if positions else "completed",
    )
    return Outcome(journey, tuple(effects))


def _arrive(
    campaign: Campaign, journey: Journey, step_id: StepId, now: datetime, effects: list[Effect]
) -> Position:
    step, visit = campaign.steps[step_id], 1
    match step:
        case SendEmail(template, message_class):
            effect_id = _effect_id(journey, f"{step_id}/{visit}")
            effects.append(WantMessage(effect_id, step_id, visit, "email", template, message_class))
            return Position(step_id, visit)
        case Wait(lasting):
            return Position(step_id, visit, wakes_at=now + lasting)
        case _:
            assert_never(step)


def _effect_id(journey: Journey, what: str) -> UUID:
    return uuid5(journey.id, what)
