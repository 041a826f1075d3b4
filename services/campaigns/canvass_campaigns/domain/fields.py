"""How each field of a step is written in a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast

from canvass_rules import BehaviourKind, Group, parse, parse_where
from canvass_rules.reading import Malformed, Reader, pointer, shown, storable

from canvass_campaigns.domain.duration import parse_duration
from canvass_campaigns.domain.model import Asks, MessageClass, StepId
from canvass_campaigns.domain.vocabulary import (
    CLASSES,
    HEARS,
    KEY,
    MAX_BRANCHES,
    MAX_TEXT,
    MAX_VALUE_DEPTH,
    MAX_VALUES,
    Field,
    Form,
)

_KEY = re.compile(KEY)
_LARGEST = 2**53


class FieldReader(Reader):
    """Reads on after a problem, as `Reader` does."""

    def read(self, field: Field, document: object, at: str, kind: str) -> object:
        """The value of a field of a step of this kind; None when a problem was noted."""
        match field.form:
            case "where":
                return self.where(document, at, HEARS[cast("Asks", kind)][0])
            case form:
                return _READERS[form](self, document, at)

    def key(self, document: object, at: str) -> str | None:
        if isinstance(document, str) and _KEY.fullmatch(document):
            return document
        allowed = "a key of 1 to 100 lower-case letters, digits, - and _"
        return self.refuse(at, f"must be {allowed}, not {shown(document)}")

    def ways(self, document: object, at: str) -> tuple[StepId, ...]:
        """One step, several or none. Whether they exist is asked of the whole graph."""
        match document:
            case None:
                return ()
            case str():
                return (document,)
            case list():
                steps = [step for step in cast("list[object]", document) if isinstance(step, str)]
                if len(steps) == len(cast("list[object]", document)) <= MAX_BRANCHES:
                    return tuple(dict.fromkeys(steps))
            case _:
                pass
        self.refuse(at, f"must be a step's name, a list of up to {MAX_BRANCHES} of them, or null")
        return ()

    def message_class(self, document: object, at: str) -> MessageClass | None:
        return self.word(document, at, CLASSES)

    def duration(self, document: object, at: str) -> timedelta | None:
        lasting = parse_duration(document)
        if lasting is None:
            allowed = "a time such as PT4H, P3D or P2W, above zero and up to ten years"
            return self.refuse(at, f"must be {allowed}, not {shown(document)}")
        return lasting

    def time(self, document: object, at: str) -> datetime | None:
        try:
            read = datetime.fromisoformat(document) if isinstance(document, str) else None
            if read and read.tzinfo:
                return read.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        allowed = "a time with its zone, such as 2026-12-24T09:00:00+01:00"
        return self.refuse(at, f"must be {allowed}, not {shown(document)}")

    def flag(self, document: object, at: str) -> bool | None:
        if isinstance(document, bool):
            return document
        return self.refuse(at, f"must be true or false, not {shown(document)}")

    def line(self, document: object, at: str) -> str | None:
        return self.text(document, at, longest=MAX_TEXT)

    def here(self, document: object, at: str) -> bool | None:
        return True if self.word(document, at, ("here",)) else None

    def rules(self, document: object, at: str) -> Group | None:
        try:
            return parse(document, at)
        except Malformed as malformed:
            self.problems += malformed.problems
            return None

    def where(self, document: object, at: str, about: BehaviourKind) -> Group | None:
        try:
            return parse_where(document, about, at)
        except Malformed as malformed:
            self.problems += malformed.problems
            return None

    def values(self, document: object, at: str) -> Mapping[str, object] | None:
        """What JSON can hold, of a bounded size, and with nothing that PostgreSQL cannot keep."""
        if not isinstance(document, dict):
            return self.refuse(at, f"must be an object of values, not {shown(document)}")
        before = len(self.problems)
        left = self._count(cast("object", document), at, MAX_VALUES, 0)
        if left < 0 and len(self.problems) == before:
            self.refuse(at, f"may hold {MAX_VALUES} values, not more")
        return cast("dict[str, object]", document) if len(self.problems) == before else None

    def _count(self, value: object, at: str, left: int, depth: int) -> int:
        """How many values are left after this one; below 0 when it holds too many."""
        if depth > MAX_VALUE_DEPTH:
            self.refuse(at, f"may be nested {MAX_VALUE_DEPTH} deep, not deeper")
            return left
        match value:
            case dict():
                inner = [
                    (at + pointer(str(key)), it) for key, it in cast("dict[object, object]", value).items()
                ]
            case list():
                inner = [(f"{at}/{i}", it) for i, it in enumerate(cast("list[object]", value))]
            case _:
                self._scalar(value, at)
                return left - 1
        for place, item in inner:
            if not storable(place):
                self.refuse(at, "has a name that cannot be kept")
            if left < 0:
                return left
            left = self._count(item, place, left, depth + 1)
        return left

    def _scalar(self, value: object, at: str) -> None:
        match value:
            case None | bool():
                return
            case str() if len(value) <= MAX_TEXT and storable(value):
                return
            case int() | float() if abs(value) <= _LARGEST:  # NaN is not
                return
            case _:
                allowed = (
                    f"a text of at most {MAX_TEXT} characters, a number within ±2^53, true, false or null"
                )
                self.refuse(at, f"must be {allowed}, not {shown(value)}")


_READERS: Mapping[Form, Callable[[FieldReader, object, str], object]] = {
    "key": FieldReader.key,
    "step": FieldReader.key,
    "ways": FieldReader.ways,
    "class": FieldReader.message_class,
    "values": FieldReader.values,
    "duration": FieldReader.duration,
    "time": FieldReader.time,
    "flag": FieldReader.flag,
    "text": FieldReader.line,
    "here": FieldReader.here,
    "rules": FieldReader.rules,
}
