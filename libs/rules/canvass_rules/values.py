"""How the value of a field rule is read: what it may be depends on the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from canvass_rules.model import Operator, Scalar, Value
from canvass_rules.reading import Reader, shown, storable
from canvass_rules.vocabulary import (
    ANY,
    CHOICES,
    MAX_ANY,
    MAX_CHOICES,
    MAX_NUMBER,
    MAX_TEXT,
    ORDERS,
    WORDINGS,
)

_TEXT = f"a text of at most {MAX_TEXT} characters"
_NUMBER = "a number within ±2^53"


@dataclass(slots=True)
class ValueReader(Reader):
    """Every method answers None when it has noted a problem."""

    def read(self, document: object, at: str, operator: Operator) -> Value:
        """What an operator that takes a value compares with."""
        if operator in CHOICES:
            return self._choices(document, at)
        if operator in WORDINGS:
            return self._wording(document, at, operator)
        if operator in ORDERS:
            return self._ordered(document, at)
        return self._scalar(document, at)

    def _choices(self, document: object, at: str) -> tuple[Scalar, ...] | None:
        if not isinstance(document, list):
            return self.refuse(at, f"must be a list of values, not {shown(document)}")
        items = cast("list[object]", document)
        if not 1 <= len(items) <= MAX_CHOICES:
            return self.refuse(at, f"must hold 1 to {MAX_CHOICES} values, not {len(items)}")
        values = [self._scalar(item, f"{at}/{i}") for i, item in enumerate(items)]
        return tuple(value for value in values if value is not None)

    def _wording(self, document: object, at: str, operator: Operator) -> str | None:
        if not isinstance(document, str) or not _is_scalar(document):
            return self.refuse(at, f"must be {_TEXT}, not {shown(document)}")
        if operator == "matches" and document.count(ANY) > MAX_ANY:
            return self.refuse(at, f'may hold "{ANY}" {MAX_ANY} times, not more')
        return document

    def _ordered(self, document: object, at: str) -> Scalar | None:
        if isinstance(document, bool) or not _is_scalar(document):
            return self.refuse(at, f"must be {_TEXT}, or {_NUMBER}, not {shown(document)}")
        return cast("Scalar", document)

    def _scalar(self, document: object, at: str) -> Scalar | None:
        if not _is_scalar(document):
            return self.refuse(at, f"must be {_TEXT}, {_NUMBER}, true or false, not {shown(document)}")
        return cast("Scalar", document)


def _is_scalar(document: object) -> bool:
    match document:
        case bool():
            return True
        case str():
            return len(document) <= MAX_TEXT and storable(document)
        case int() | float():
            return abs(document) <= MAX_NUMBER  # NaN is not
        case _:
            return False
