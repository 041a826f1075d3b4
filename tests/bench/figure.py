"""What a figure is: how it is defined, what a run of it gave, and whether that is enough."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench.installation import Installation
from tests.bench.machine import Usage


@dataclass(frozen=True, slots=True)
class Definition:
    """One line of docs/benchmarks.md. Floor and goal are the ratio's where there is a limit."""

    name: str
    unit: str
    what: str
    floor: float
    goal: float
    limit: str | None = None
    """What the value is divided by: measured in the same run, with the same unit."""
    less_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gave. Each list holds one number a round; the median stands for all."""

    definition: Definition
    values: Sequence[float]
    limits: Sequence[float] = ()
    usages: Sequence[Usage] = ()
    """Who used the processors meanwhile: one a round, or one for all."""
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Whatever helps to understand the number: it goes into the details, not into `bench.json`."""

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    @property
    def limit(self) -> float | None:
        return statistics.median(self.limits) if self.limits else None

    @property
    def ratio(self) -> float | None:
        return None if self.limit is None else self.value / self.limit

    @property
    def spread(self) -> float:
        """The distance between the best and the worst round, as a share of the median."""
        return (max(self.values) - min(self.values)) / self.value if self.value else 0.0

    @property
    def elsewhere(self) -> float:
        """How much of a core, in percent, went to what is no part of this: the figure is too low by that."""
        return statistics.median(one.percent["elsewhere"] for one in self.usages) if self.usages else 0.0

    @property
    def met(self) -> str:
        """`goal`, `floor` or `missed`."""
        if self._reaches(self.definition.goal):
            return "goal"
        return "floor" if self._reaches(self.definition.floor) else "missed"

    def _reaches(self, mark: float) -> bool:
        """At least the mark; where less is better, below it."""
        judged = self.value if self.ratio is None else self.ratio
        return judged < mark if self.definition.less_is_better else judged >= mark


@dataclass(frozen=True, slots=True)
class Figure:
    """How some definitions are measured together."""

    name: str
    definitions: Sequence[Definition]
    measure: Callable[[Installation], list[Measured]]
    at_most_seconds: int
    """It is given up after this long."""
