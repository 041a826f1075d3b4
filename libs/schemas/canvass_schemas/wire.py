"""Facts to bytes and back: a message is a JSON array of CloudEvents of one type."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from .envelope import Fact
from .ids import uuid7
from .pieces import pieces

CONTENT_TYPE = "application/cloudevents-batch+json"
MAX_EVENTS = 500
MAX_BYTES = 256 * 1024

Lane = Literal["live", "bulk"]
LANES: Final[tuple[Lane, ...]] = ("live", "bulk")

F = TypeVar("F", bound=Fact[Any])


@dataclass(frozen=True, slots=True)
class Refused:
    """One event that is none: its bytes as they came, and what is wrong with it, field by field."""

    raw: bytes
    error: str


class TooLarge(ValueError):
    """A single fact is larger than a message may be."""


def routing_key(fact_class: type[Fact[Any]], lane: Lane) -> str:
    """Where a fact goes: `tracking.page_viewed.v1.live`."""
    return f"{fact_class.TYPE}.{lane}"


def dump(facts: Sequence[Fact[Any]]) -> bytes:
    """One JSON array of facts of one class, whatever its size. What is None is left out; NaN and infinity,
    which JSON has not, are written as null.

    Raises TypeError when the facts are of several classes; pydantic's PydanticSerializationError (a
    ValueError) for text that is no Unicode, such as a lone surrogate.
    """
    if not facts:
        return b"[]"
    return _many(_only_class(facts)).dump_json([*facts], exclude_none=True)


def parse(fact_class: type[F], body: bytes) -> list[F]:
    """All facts of a body at once.

    Raises pydantic.ValidationError (a ValueError) when any is wrong: `parse_each` then tells them apart.
    """
    return _many(fact_class).validate_json(body)


def parse_each(fact_class: type[F], body: bytes) -> tuple[list[F], list[Refused]]:
    """The good facts of a body and the bad ones, one by one and slowly: one bad event spoils no other."""
    adapter = _one(fact_class)
    facts: list[F] = []
    refused: list[Refused] = []
    for raw in _elements(body):
        try:
            facts.append(adapter.validate_json(raw))
        except ValidationError as error:
            refused.append(Refused(raw, _reasons(error)))
    return facts, refused


def write(
    fact_class: type[Fact[Any]],
    data: Mapping[str, Any],
    *,
    subject: UUID,
    time: datetime,
    traceparent: str | None = None,
) -> bytes:
    """A new fact that nothing has caused, dumped without being made: at a third of the price.

    For a speaker of many thousands a second. `data` is written as it is, and checked by nobody: it must be
    what the class would dump, without what is None. Its speaker's tests hold it to that.
    """
    return to_json(
        {
            "specversion": "1.0",
            "id": uuid7(),
            "source": f"/canvass/{fact_class.speaker()}",
            "type": fact_class.TYPE,
            "subject": subject,
            "time": time,
            "hops": 0,
            **({"traceparent": traceparent} if traceparent else {}),
            "data": data,
        },
        inf_nan_mode="null",
    )


def split(facts: Sequence[F]) -> Iterator[list[F]]:
    """The facts in as few lists as keep each within `MAX_EVENTS` and, once dumped, `MAX_BYTES`.

    Raises TooLarge for a fact that cannot be within them; else as `dump`.
    """
    taken = 0
    for parts in _packed(_each_dumped(facts)):
        yield list(facts[taken : taken + len(parts)])
        taken += len(parts)


def bodies(facts: Sequence[Fact[Any]]) -> Iterator[tuple[int, bytes]]:
    """As `split`, already dumped: how many facts, and their JSON array."""
    return pack(_each_dumped(facts))


def pack(dumped: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """As `bodies`, for facts (of one class) that were dumped one by one."""
    return ((len(parts), b"[" + b",".join(parts) + b"]") for parts in _packed(dumped))


def _each_dumped(facts: Sequence[Fact[Any]]) -> Iterator[bytes]:
    if not facts:
        return
    # A dump each costs a third more than one of all, but none is dumped twice to learn its size.
    dump_one = _one(_only_class(facts)).serializer.to_json
    for fact in facts:
        part: bytes = dump_one(fact, exclude_none=True)
        if len(part) + len("[]") > MAX_BYTES:
            raise TooLarge(f"{fact.type} {fact.id} is {len(part)} bytes; a message holds {MAX_BYTES}")
        yield part


def _packed(dumped: Iterable[bytes]) -> Iterator[list[bytes]]:
    parts: list[bytes] = []
    size = len("[]")
    for part in dumped:
        if len(part) + len("[]") > MAX_BYTES:
            raise TooLarge(f"a fact is {len(part)} bytes; a message holds {MAX_BYTES}")
        if len(parts) == MAX_EVENTS or size + len(part) > MAX_BYTES:
            yield parts
            parts, size = [], len("[]")
        parts.append(part)
        size += len(part) + len(",")
    if parts:
        yield parts


def _only_class(facts: Sequence[Fact[Any]]) -> type[Fact[Any]]:
    classes = set(map(type, facts))
    if len(classes) != 1:
        raise TypeError(f"one message holds facts of one class, not {sorted(c.__name__ for c in classes)}")
    return classes.pop()


@cache
def _one(fact_class: type[Fact[Any]]) -> TypeAdapter[Any]:
    return TypeAdapter(fact_class)


@cache
def _many(fact_class: type[Fact[Any]]) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[fact_class])  # pyright: ignore[reportInvalidTypeForm]


def _elements(body: bytes) -> Iterator[bytes]:
    """The bytes of each element of a JSON array, however broken or deep inside; else the whole body."""
    return pieces(body) if body.lstrip().startswith(b"[") else iter([body])


def _reasons(error: ValidationError) -> str:
    """What is wrong, without the values: those may be personal."""
    details = error.errors(include_url=False, include_input=False, include_context=False)
    places = (".".join(map(str, detail["loc"])) for detail in details)
    return "; ".join(f"{place}: {detail['msg']}" for place, detail in zip(places, details, strict=True))
