"""What the ledger makes of scores: a score is the sum of its contact's lines, at all times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from canvass_points.domain.model import Entry, Inheritance, Score, ScoreChange


def post(
    entries: Iterable[Entry], scores: Mapping[UUID, Score], known: Collection[UUID], *, starts: bool = True
) -> list[ScoreChange]:
    """What the new lines make of the scores: one change for each contact, none where they cancel out.

    Give it those lines alone that the ledger did not have. Who is not in `scores` has none yet. `known`: who
    has told who they are. Unless it `starts` something, no threshold is crossed: it happened long ago.
    """
    gained: dict[UUID, int] = defaultdict(int)
    for entry in entries:
        gained[entry.contact_id] += entry.delta
    return [
        _changed(_as_told(scores.get(id_) or Score(id_), id_ in known), delta, starts=starts)
        for id_, delta in gained.items()
        if delta
    ]


def absorb(winner: Score, left: Inheritance) -> ScoreChange | None:
    """What the losers of merges left makes of their winner's score. None where it makes nothing of it.

    What one of them had reached, the person that they all were had reached.
    """
    was = replace(winner, reached=max(winner.reached, left.reached), known=winner.known or left.known)
    return _changed(was, left.worth) if left.worth or was != winner else None


def adjust(was: Score, delta: int) -> ScoreChange:
    """What points given or taken by hand make of a score. Who does that knows whose score it is."""
    return _changed(replace(was, known=True), delta)


def _as_told(was: Score, known: bool) -> Score:
    return replace(was, known=True) if known and not was.known else was


def _changed(was: Score, delta: int, *, starts: bool = True) -> ScoreChange:
    score = was.score + delta
    lower = min(was.reached, score)
    return ScoreChange(
        was.contact_id,
        score,
        previous=was.score,
        revision=was.revision + 1,
        risen_from=lower if starts else score,
        reached=score if was.known else lower,
        known=was.known,
    )
