"""The walk of one journey from where a signal finds it to where it rests next: each step is begun once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID, uuid5

from canvass_campaigns.domain.graph import reached_from
from canvass_campaigns.domain.model import (
    Campaign,
    ChangeSegment,
    Decide,
    If,
    Journey,
    Position,
    Seen,
    Send,
    Step,
    StepId,
    Wait,
)
from canvass_campaigns.domain.signals import (
    Effect,
    JourneyBegan,
    JourneyEnded,
    Outcome,
    Passed,
    StepOutcome,
    WantMembership,
    WantMessage,
    WantVerdict,
)
from canvass_campaigns.domain.windows import deadline, first_in_time, kept

_Head = tuple[StepId, datetime, datetime]
"""A step to come to, when, and since when behaviour counts there."""


def effect_id(journey: Journey, what: str) -> UUID:
    """The same however often it is asked: saying the effect twice is harmless."""
    return uuid5(journey.id, what)


class Walk:
    """One journey under way. What it comes to is gathered here, and told by `outcome`."""

    def __init__(self, campaign: Campaign, journey: Journey, *, at_rest: bool) -> None:
        self.campaign = campaign
        self.journey = journey
        self.at_rest = at_rest
        self.open = list(journey.open)
        self.visits = dict(journey.visits)
        self.seen: dict[StepId, tuple[Seen, ...]] = dict(journey.seen)
        self.settled = dict(journey.settled)
        self.missed = dict(journey.missed)
        self.effects: list[Effect] = []
        self.passed: list[Passed] = []
        self._heads: deque[_Head] = deque()

    # --- what it looks at

    def step(self, at: Position) -> Step:
        """The step of a position."""
        return self.campaign.steps[at.step]

    def resting(self, step: StepId, visit: int) -> list[Position]:
        """The position at a visit of a step, if it rests there."""
        return [at for at in self.open if (at.step, at.visit) == (step, visit)]

    def has_ahead(self, step: StepId) -> bool:
        """Whether the journey rests at the step, or can come to it from where it rests."""
        if step in self.visits:
            return any(at.step == step for at in self.open)
        return step in reached_from(self.campaign.steps, [at.step for at in self.open])

    # --- what happens to it

    def begin(self, now: datetime, because: UUID | None) -> None:
        """Come to where the campaign starts."""
        self.journey = replace(self.journey, began_at=now, began_by=because)
        self.effects.append(JourneyBegan(effect_id(self.journey, "began")))
        self._heads.extend((step, now, now) for step in self.campaign.start)

    def begin_again(self, at: Position, now: datetime) -> None:
        """Begin the step that was come to while the campaign was at rest."""
        self.open.remove(at)
        self._begin(at.step, now, at.since)

    def leave(self, at: Position, onward: Iterable[StepId], passed: Passed, since: datetime) -> None:
        """The step is behind the journey: come to those that follow."""
        self.open.remove(at)
        self.seen.pop(at.step, None)
        self.passed.append(passed)
        self._heads.extend((step, passed.at, since) for step in onward)

    def settled_now(self, step: StepId, now: datetime) -> None:
        """From now on count the decisions `of` this step."""
        if any(isinstance(one, Decide) and one.of == step for one in self.campaign.steps.values()):
            self.settled[step] = now

    def see(self, step: StepId, at: datetime, because: UUID) -> None:
        """The contact has done what this decision listens for, be it reached or ahead."""
        decision = self.campaign.steps.get(step)
        if isinstance(decision, Decide):
            self.seen[step] = kept(decision, self.seen.get(step, ()), (at, because))
            self._decide_if_open(step)

    def outcome(self, now: datetime) -> Outcome:
        """Walk on from what was left, to how the journey stands then. Nowhere left to rest: it is over."""
        self._walk_on()
        is_over = not self.open and not self.journey.ended_at and self.journey.began_at is not None
        if is_over:
            self.effects.append(JourneyEnded(effect_id(self.journey, "ended"), "completed"))
        journey = replace(
            self.journey,
            open=tuple(self.open),
            visits=self.visits,
            seen={} if is_over else self.seen,
            settled=self.settled,
            missed=self.missed,
            ended_at=self._last(now) if is_over else self.journey.ended_at,
            end="completed" if is_over else self.journey.end,
        )
        unchanged = not (self.effects or self.passed) and journey == self.journey
        return Outcome(self.journey if unchanged else journey, tuple(self.effects), tuple(self.passed))

    def _last(self, now: datetime) -> datetime:
        return max((one.at for one in self.passed), default=now)

    # --- how it goes on

    def _walk_on(self) -> None:
        """Come to each head in turn. It ends: a step is begun once, and only then adds heads of its own."""
        while self._heads:
            step, now, since = self._heads.popleft()
            if step in self.visits:
                self._meet(step, now, since)
            elif self.at_rest:
                self.visits[step] = 1
                self.open.append(Position(step, 0, now, since, wakes_at=now))
            else:
                self.visits[step] = 1
                self._begin(step, now, since)

    def _begin(self, step_id: StepId, now: datetime, since: datetime) -> None:
        step, at = self.campaign.steps[step_id], Position(step_id, 1, now, since)
        id_ = effect_id(self.journey, f"{step_id}/{at.visit}")
        match step:
            case Send():
                self.effects.append(WantMessage(id_, step_id, at.visit, step))
                self.open.append(at)
            case If(rules):
                self.effects.append(WantVerdict(id_, step_id, at.visit, rules))
                self.open.append(at)
            case ChangeSegment(segment, member):
                self.effects.append(WantMembership(id_, step_id, at.visit, segment, member))
                self._pass_through(at, step.next, "changed", since=now)
            case Wait():
                self._begin_wait(step, at)
            case Decide():
                self.open.append(replace(at, deadline=deadline(step, at, self.settled)))
                self._decide_if_open(step_id)
            case _:
                assert_never(step)

    def _begin_wait(self, step: Wait, at: Position) -> None:
        wakes_at = step.until or at.arrived_at + step.lasting
        if wakes_at <= at.arrived_at:
            self._pass_through(at, step.next, "waited", since=at.since)
        else:
            self.open.append(replace(at, wakes_at=wakes_at))

    def _pass_through(
        self, at: Position, onward: Iterable[StepId], outcome: StepOutcome, *, since: datetime
    ) -> None:
        """A step that takes no time."""
        self.passed.append(Passed(at.step, at.visit, at.arrived_at, at.arrived_at, outcome))
        self._heads.extend((step, at.arrived_at, since) for step in onward)

    def _meet(self, step_id: StepId, now: datetime, since: datetime) -> None:
        """Another branch comes to a step that was begun. If it did so before, it is only heard of later."""
        step = self.campaign.steps[step_id]
        for at in self.resting(step_id, 1):
            earlier = replace(at, arrived_at=min(at.arrived_at, now), since=min(at.since, since))
            if earlier == at:
                return
            self.open.remove(at)
            match step:
                case Wait():
                    self._begin_wait(step, replace(earlier, wakes_at=None))
                case Decide():
                    self.open.append(replace(earlier, deadline=deadline(step, earlier, self.settled)))
                    self._decide_if_open(step_id)
                case _:
                    self.open.append(earlier)

    def _decide_if_open(self, step_id: StepId) -> None:
        """Answer yes if the contact has done it in time."""
        decision = self.campaign.steps[step_id]
        for at in self.resting(step_id, 1):
            if not isinstance(decision, Decide):
                return
            if did := first_in_time(decision, at, self.journey, self.seen.get(step_id, ())):
                happened_at, because = did
                then = max(at.arrived_at, happened_at)
                passed = Passed(step_id, at.visit, at.arrived_at, then, "yes", because, happened_at)
                self.leave(at, decision.yes, passed, at.since)
