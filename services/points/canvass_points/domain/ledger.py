"""What the ledger makes of scores: a score is the sum of its contact's lines, at all times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from canvass_points.domain.model import Entry, Score, ScoreChange


def post(entries: Iterable[Entry], scores: Mapping[UUID, Score]) -> list[ScoreChange]:
    """What the new lines make of the scores: one change for each contact, none where they cancel out.

    Give it those lines alone that the ledger did not have. Who is not in `scores` has none yet.
    """
    gained: dict[UUID, int] = defaultdict(int)
    for entry in entries:
        gained[entry.contact_id] += entry.delta
    return [
        _changed(scores.get(contact_id) or Score(contact_id), delta)
        for contact_id, delta in gained.items()
        if delta
    ]


def absorb(winner: Score, moved: int) -> ScoreChange | None:
    """The winner of a merge takes over lines worth `moved` from the losers. None where they cancel out."""
    return _changed(winner, moved) if moved else None


def _changed(was: Score, delta: int) -> ScoreChange:
    return ScoreChange(was.contact_id, was.score + delta, was.score, was.revision + 1)
