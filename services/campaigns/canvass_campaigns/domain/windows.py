"""Which behaviour counts for a decision: from when, until when, and what of it is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from canvass_campaigns.domain.model import Decide, Journey, Position, Seen, StepId

MOST_SEEN = 16
"""So many behaviours are remembered for one decision ahead. More tell nothing new but in contrived cases."""


def deadline(decision: Decide, at: Position, settled: Mapping[StepId, datetime]) -> datetime | None:
    """When its patience ends: it counts from when the message it is `of` was settled, else from its reach."""
    if decision.within is None:
        return None
    begins = at.arrived_at
    if decision.of and not decision.here:
        begins = settled.get(decision.of, begins)
    return begins + decision.within


def window(decision: Decide, at: Position, journey: Journey) -> tuple[datetime, datetime | None]:
    """From when, and until when, behaviour counts.

    A reaction names the message that it is to, so it came after that one whatever the clocks say.
    """
    if decision.here:
        return at.arrived_at, at.deadline
    return (journey.began_at or at.since) if decision.of else at.since, at.deadline


def is_in_time(decision: Decide, at: Position, journey: Journey, happened_at: datetime) -> bool:
    """Whether what happened then is an answer. `here` forgets also what led here."""
    since, until = window(decision, at, journey)
    begun = happened_at > since if decision.here else happened_at >= since
    return begun and (until is None or happened_at <= until)


def first_in_time(decision: Decide, at: Position, journey: Journey, seen: Iterable[Seen]) -> Seen | None:
    """The first of what was seen that is an answer."""
    return next((did for did in seen if is_in_time(decision, at, journey, did[0])), None)


def kept(decision: Decide, seen: tuple[Seen, ...], more: Seen) -> tuple[Seen, ...]:
    """What to remember, in the order of its times.

    Patience that counts from a message may end before the decision is reached, so there the first matter;
    elsewhere the decision may forget what came first.
    """
    together = tuple(sorted({*seen, more}))
    return together[:MOST_SEEN] if decision.of and not decision.here else together[-MOST_SEEN:]
