"""Whether the steps of a campaign hang together: all named ones exist, all are reached, none in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from canvass_rules.reading import Problem, listed, pointer, shown

from canvass_campaigns.domain.model import Campaign, Decide, If, Send, Step, StepId

_OF: Mapping[str, tuple[str, ...]] = {"opened": ("email",), "clicked": ("email", "sms")}
"""Messages of which channels a decision may be `of`."""


def problems_of_graph(campaign: Campaign) -> list[Problem]:
    """Each names its step. Circles and the like are sought only once all named steps exist."""
    unknown = list(_unknown(campaign))
    if unknown:
        return unknown
    circles = list(_circles(campaign))
    return [*circles, *_unreached(campaign), *([] if circles else _of_what(campaign))]


def reached_from(steps: Mapping[StepId, Step], heads: Iterable[StepId]) -> set[StepId]:
    """The steps that one can come to from these, and they themselves only if others lead there."""
    reached: set[StepId] = set()
    ahead = [onward for head in heads for onward in steps[head].onward]
    while ahead:
        step = ahead.pop()
        if step not in reached:
            reached.add(step)
            ahead.extend(steps[step].onward)
    return reached


def _reach(steps: Mapping[StepId, Step]) -> tuple[Mapping[StepId, int], Mapping[StepId, int]]:
    """Each step's bit, and the bits of all that it leads to: quick for a thousand steps at once."""
    bit = {name: 1 << number for number, name in enumerate(steps)}
    reach: dict[StepId, int] = {}
    for name in TopologicalSorter({name: step.onward for name, step in steps.items()}).static_order():
        reach[name] = 0
        for onward in steps[name].onward:
            reach[name] |= bit[onward] | reach[onward]
    return bit, reach


def _unknown(campaign: Campaign) -> Iterator[Problem]:
    if not campaign.start:
        yield Problem("/start", "must name a step")
    named = [("/start", campaign.start)]
    for name, step in campaign.steps.items():
        named += [("/steps" + pointer(name) + path, onward) for path, onward in _paths(step)]
        if isinstance(step, Decide) and step.of is not None:
            named.append(("/steps" + pointer(name) + "/of", (step.of,)))
    for at, steps in named:
        for step in steps:
            if step not in campaign.steps:
                yield Problem(at, f"there is no step {shown(step)}")


def _paths(step: Step) -> list[tuple[str, tuple[StepId, ...]]]:
    if isinstance(step, Decide | If):
        return [("/yes", step.yes), ("/no", step.no)]
    return [("/next", step.next)]


def _circles(campaign: Campaign) -> Iterator[Problem]:
    """A step runs once in an entry, so a journey that came round to it would end there without a word."""
    after = {name: step.onward for name, step in campaign.steps.items()}
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        circle: list[StepId] = list(reversed(error.args[1]))
        at = "/steps" + pointer(circle[0])
        yield Problem(at, f"goes round in a circle: {listed(circle[:10])}; steps must lead onwards")


def _unreached(campaign: Campaign) -> Iterator[Problem]:
    reached = {*campaign.start, *reached_from(campaign.steps, campaign.start)}
    for name in campaign.steps:
        if name not in reached:
            yield Problem(
                "/steps" + pointer(name), "no step leads here, and it is not where the campaign starts"
            )


def _of_what(campaign: Campaign) -> Iterator[Problem]:
    """A decision about a message stands below the step that sends it."""
    bit, reach = _reach(campaign.steps)
    for name, step in campaign.steps.items():
        if not isinstance(step, Decide) or step.of is None:
            continue
        at, of = "/steps" + pointer(name) + "/of", campaign.steps[step.of]
        channels = _OF[step.asks]
        if not isinstance(of, Send) or of.channel not in channels:
            kinds = " or ".join(f"send_{channel}" for channel in channels)
            yield Problem(at, f"must name a step that does {kinds}; {shown(step.of)} does not")
        elif not reach[step.of] & bit[name]:
            yield Problem(at, f"must name a step above this one; {shown(step.of)} does not lead here")
