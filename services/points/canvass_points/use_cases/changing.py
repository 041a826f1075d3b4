"""Scores have changed, whatever by: keep them, see who has crossed a threshold, and say all that."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from canvass_runtime.db import Tx

from canvass_points import announce
from canvass_points.announce import Cause
from canvass_points.domain.model import Crossing, ScoreChange
from canvass_points.domain.triggers import Triggers
from canvass_points.store import fired, scores


async def change_scores(
    tx: Tx, triggers: Triggers, changes: Sequence[ScoreChange], causes: Mapping[UUID, Cause]
) -> None:
    """Keep changes and set off what they set off. `causes` by contact."""
    if changes:
        await scores.keep(tx, changes)
        crossings = await _without_repeats(tx, triggers.crossed(changes))
        await announce.changed(tx, changes, crossings, causes)


async def _without_repeats(tx: Tx, crossings: Sequence[Crossing]) -> list[Crossing]:
    """The crossings but those of triggers that the contact has set off once for ever."""
    once = [one for one in crossings if not one.trigger.each_time]
    new = await fired.keep(tx, once) if once else set[tuple[UUID, str]]()
    return [one for one in crossings if one.trigger.each_time or (one.contact_id, one.trigger.key) in new]
