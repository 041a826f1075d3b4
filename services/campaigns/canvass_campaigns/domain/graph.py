"""Whether the steps of a campaign hang together: all named ones exist, all are reached, none in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from canvass_rules.reading import Problem, listed, pointer, shown

from canvass_campaigns.domain.model import Campaign, StepId


def problems_of_graph(campaign: Campaign) -> list[Problem]:
    """Each names its step. Circles and unreached steps are sought only once all named steps exist."""
    unknown = list(_unknown(campaign))
    return unknown or [*_circles(campaign), *_unreached(campaign)]


def _unknown(campaign: Campaign) -> Iterator[Problem]:
    if not campaign.start:
        yield Problem("/start", "must name a step")
    named = [("/start", campaign.start)]
    named += [("/steps" + pointer(name) + "/next", step.next) for name, step in campaign.steps.items()]
    for at, steps in named:
        for step in steps:
            if step not in campaign.steps:
                yield Problem(at, f"there is no step {shown(step)}")


def _circles(campaign: Campaign) -> Iterator[Problem]:
    """A step runs once in an entry, so a journey that came round to it would end there without a word."""
    after = {name: step.next for name, step in campaign.steps.items()}
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        circle: list[StepId] = list(reversed(error.args[1]))
        at = "/steps" + pointer(circle[0])
        yield Problem(at, f"goes round in a circle: {listed(circle[:10])}; steps must lead onwards")


def _unreached(campaign: Campaign) -> Iterator[Problem]:
    reached: set[StepId] = set()
    ahead = list(campaign.start)
    while ahead:
        step = ahead.pop()
        if step not in reached:
            reached.add(step)
            ahead.extend(campaign.steps[step].next)
    for name in campaign.steps:
        if name not in reached:
            yield Problem(
                "/steps" + pointer(name), "no step leads here, and it is not where the campaign starts"
            )
