"""Which triggers a change of a score sets off. Looked up by threshold: five hundred cost what five do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from canvass_points.domain.model import Crossing, ScoreChange, Trigger


class Triggers:
    """Made anew whenever a definition changes; asked for every change of a score."""

    def __init__(self, triggers: Iterable[Trigger]) -> None:
        active = [trigger for trigger in triggers if trigger.active]
        self._by_threshold = sorted(active, key=attrgetter("at", "key"))
        self._thresholds = [trigger.at for trigger in self._by_threshold]

    def crossed(self, changes: Iterable[ScoreChange]) -> list[Crossing]:
        """The thresholds that scores have risen to. Whether once is enough, whoever remembers must say."""
        return [
            Crossing(trigger, change.contact_id, change.score, change.revision)
            for change in changes
            for trigger in self._between(change.risen_from, change.reached)
        ]

    def _between(self, above: int, up_to: int) -> Sequence[Trigger]:
        first, end = bisect_right(self._thresholds, above), bisect_right(self._thresholds, up_to)
        return self._by_threshold[first:end]
