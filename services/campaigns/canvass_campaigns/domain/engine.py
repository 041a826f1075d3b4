"""What one signal does to one journey. No clock, no chance, no I/O: same in, same out.

A journey that has begun and not ended rests at one position or more. A position goes on when what
it rests for has come: a message settled, a verdict, a behaviour, a time. Whatever else is heard is late,
repeated or meant for another step, and changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from canvass_campaigns.domain.model import (
    SILENCE,
    Campaign,
    Decide,
    If,
    Journey,
    Position,
    Send,
    Wait,
)
from canvass_campaigns.domain.signals import (
    Entered,
    Exited,
    Heard,
    JourneyEnded,
    Outcome,
    Passed,
    Settled,
    Signal,
    Verdict,
    Woke,
)
from canvass_campaigns.domain.walk import Walk, effect_id
from canvass_campaigns.domain.windows import window

_JOURNEYS = UUID("6b1d1f0e-64f5-5a3e-9f6b-2d1f6a0c7b52")
"""The namespace of journey ids. Changing it would let every contact enter every campaign anew."""


class WrongVersion(ValueError):
    """A journey walks the version that it began on: load the campaign with the journey's own version."""


def outset(campaign: Campaign, contact_id: UUID, entry: int = 1) -> Journey:
    """A contact about to enter for the `entry`th time. The id is the same however often it is asked."""
    journey_id = uuid5(_JOURNEYS, f"{campaign.key}/{contact_id}/{entry}")
    return Journey(journey_id, contact_id, campaign.key, campaign.version, entry)


def advance(
    campaign: Campaign, journey: Journey, signal: Signal, now: datetime, *, at_rest: bool = False
) -> Outcome:
    """Move the journey as far as the signal carries it.

    With `at_rest` (the campaign is paused) it begins no step: it comes to the next one, and begins that
    when it is woken after the rest. Raises WrongVersion when the campaign is not the version that the
    journey walks.
    """
    if (campaign.version, campaign.key) != (journey.version, journey.campaign):
        raise WrongVersion(f"journey {journey.id} walks {journey.campaign} version {journey.version}")
    walk = Walk(campaign, journey, at_rest=at_rest)
    match signal:
        case Entered(because) if journey.began_at is None:
            walk.begin(now, because)
        case Settled():
            _settle(walk, signal, now)
        case Verdict():
            _judge(walk, signal, now)
        case Heard():
            _hear(walk, signal)
        case Woke(heard_through):
            _wake(walk, heard_through, now)
        case Exited(reason) if journey.open:
            ended = JourneyEnded(effect_id(journey, "ended"), reason)
            return Outcome(replace(journey, open=(), seen={}, ended_at=now, end=reason), (ended,))
        case _:
            pass  # begun already, or over
    return walk.outcome(now)


def _settle(walk: Walk, told: Settled, now: datetime) -> None:
    for at in walk.resting(told.step, told.visit):
        if isinstance(step := walk.step(at), Send):
            walk.settled_now(at.step, now)
            values = {"reason": told.reason} if told.reason else None
            walk.leave(at, step.next, Passed(*_of(at), now, told.outcome, told.because, values=values), now)


def _judge(walk: Walk, told: Verdict, now: datetime) -> None:
    for at in walk.resting(told.step, told.visit):
        if isinstance(step := walk.step(at), If):
            onward, answer = (step.yes, "yes") if told.holds else (step.no, "no")
            passed = Passed(*_of(at), now, answer, told.because, values=told.values)
            walk.leave(at, onward, passed, at.since)


def _hear(walk: Walk, heard: Heard) -> None:
    """Let the decisions know that listen for it: those open, and those ahead."""
    if heard.because == walk.journey.began_by:
        return
    for step in heard.steps:
        if missed := walk.missed.get(step):
            _note_late(walk, step, missed, heard)
        elif walk.has_ahead(step):
            walk.see(step, heard.at, heard.because)


def _note_late(walk: Walk, step: str, missed: tuple[datetime, datetime], heard: Heard) -> None:
    """No has been taken, so that it changes nothing; once is enough to show it."""
    since, deadline = missed
    if since <= heard.at <= deadline:
        del walk.missed[step]
        walk.passed.append(Passed(step, 1, since, deadline, "late", heard.because, heard.at))


def _wake(walk: Walk, heard_through: datetime | None, now: datetime) -> None:
    certain = min(heard_through, now) - SILENCE if heard_through else None
    for at in tuple(walk.open):
        step = walk.step(at)
        if at.visit == 0:
            if not walk.at_rest:
                walk.begin_again(at, now)
        elif isinstance(step, Wait) and at.wakes_at and at.wakes_at <= now:
            walk.leave(at, step.next, Passed(*_of(at), now, "waited"), at.since)
        elif isinstance(step, Decide) and at.deadline and certain and at.deadline <= certain:
            walk.missed[at.step] = (window(step, at, walk.journey)[0], at.deadline)
            walk.leave(at, step.no, Passed(*_of(at), now, "no"), at.since)


def _of(at: Position) -> tuple[str, int, datetime]:
    return at.step, at.visit, at.arrived_at
