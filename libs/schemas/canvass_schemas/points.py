"""What `points` says: scores. A hearer ignores the fields it does not know."""

from typing import ClassVar

from .envelope import Revised, State


class ScoreChangedData(Revised):
    """The score after the change."""

    score: int
    """All points of the contact together."""
    previous: int
    """What they were before."""


class ScoreChanged(State[ScoreChangedData]):
    """A contact's score has changed."""

    TYPE: ClassVar[str] = "points.score_changed.v1"
