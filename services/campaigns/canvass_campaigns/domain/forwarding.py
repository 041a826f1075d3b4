"""Journeys of older versions walk the newest one, as soon as all that they rest at is still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from canvass_campaigns.domain.model import Campaign, Journey, StepId
from canvass_campaigns.domain.steps import named


def forward(journey: Journey, published: Mapping[str, Campaign], own: Campaign | None) -> Journey:
    """The journey, on the version in force if it can walk that one; `own` is the version that it walks yet.

    It rests as it did, until when it did: a changed step shows in what comes after it. A journey at a step
    that is there no longer, or has become one of another kind, walks on through its own version.
    """
    newest = published.get(journey.campaign)
    if newest is None or own is None or newest.version <= journey.version:
        return journey
    if all(_is_still_there(at.step, own, newest) for at in journey.open):
        return replace(journey, version=newest.version)
    return journey


def _is_still_there(step: StepId, own: Campaign, newest: Campaign) -> bool:
    return step in newest.steps and named(newest.steps[step]) == named(own.steps[step])
