"""How a document that people wrote (parsed JSON) is read: all its problems at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, cast

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` is a JSON Pointer (RFC 6901) into the document; `message` says what is allowed there."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"


class Malformed(ValueError):
    """This document cannot be used. Mend every one of `problems` and send it again."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, problems)))

    @property
    def fields(self) -> dict[str, str]:
        """What is wrong, by JSON Pointer; all of it where one place has several problems."""
        return by_place(self.problems)


def by_place(problems: Iterable[Problem]) -> dict[str, str]:
    """The messages of the problems by their places, of one place in one text."""
    fields: dict[str, str] = {}
    for problem in problems:
        before = fields.get(problem.path)
        fields[problem.path] = f"{before}; {problem.message}" if before else problem.message
    return fields


@dataclass(slots=True)
class Reader:
    """Reads on after a problem. Every method answers None when it has noted one."""

    problems: list[Problem] = field(default_factory=list[Problem])

    def refuse(self, at: str, message: str) -> None:
        self.problems.append(Problem(at, message))

    def members(
        self, document: object, at: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> Mapping[str, object] | None:
        """An object with all that is required and nothing that is unknown."""
        if not isinstance(document, dict):
            return self.refuse(at, f"must be an object with {listed(required)}")
        members = cast("dict[str, object]", document)
        unknown = [name for name in members if name not in required and name not in optional]
        missing = [name for name in required if name not in members]
        if unknown:
            self.refuse(at, f"does not know {shown(unknown[0])}; allowed: {listed((*required, *optional))}")
        if missing:
            self.refuse(at, f"lacks {listed(missing)}")
        return None if missing else members

    def word(self, document: object, at: str, allowed: Sequence[Word]) -> Word | None:
        for word in allowed:
            if document == word:
                return word
        return self.refuse(at, f"must be one of {listed(allowed)}, not {shown(document)}")

    def text(self, document: object, at: str, longest: int) -> str | None:
        """Words for people to read; not empty."""
        if isinstance(document, str) and storable(document) and 1 <= len(document) <= longest:
            return document
        return self.refuse(at, f"must be a text of 1 to {longest} characters, not {shown(document)}")


def storable(text: str) -> bool:
    """Whether PostgreSQL can hold it: neither NUL nor half a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def pointer(name: str) -> str:
    """One more step of a JSON Pointer, fit to be sent back whatever was in the name."""
    printable = name[:200].encode("utf-8", "backslashreplace").decode()
    return "/" + printable.replace("~", "~0").replace("/", "~1")


def listed(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def shown(document: object) -> str:
    """What was found, short enough for a message."""
    match document:
        case str():
            text = ascii(document[:60])
        case None | bool() | float():
            text = repr(document)
        case int() if abs(document) <= 10**18:
            text = repr(document)
        case int():
            text = "such a large number"
        case _:
            text = "an object" if isinstance(document, dict) else "a list"
    return text if len(text) <= 60 else f"{text[:57]}..."
