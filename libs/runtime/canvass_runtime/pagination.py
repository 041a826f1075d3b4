"""Long lists in pages, by a cursor that says where the last one ended."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Generic, TypeVar, cast

from fastapi import Depends, Query
from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_json

from canvass_runtime.errors import Invalid

DEFAULT, MOST = 50, 500

T = TypeVar("T")
P = TypeVar("P")


class Page(BaseModel, Generic[T]):
    """Some of a list, and the cursor for what follows (none at the end)."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of a list, from where."""

    limit: int
    cursor: str | None

    @property
    def fetch(self) -> int:
        """How many to ask the database for: one more than shown tells whether more follow."""
        return self.limit + 1

    def after(self, kind: type[P]) -> P | None:
        """The position that the last page ended at, such as a `tuple[datetime, UUID]`; None at first."""
        return None if self.cursor is None else decode(self.cursor, kind)

    def page(self, items: Sequence[T], position: Callable[[T], Any]) -> Page[T]:
        """A page of up to `fetch` items, in the order of their `position`."""
        shown = list(items[: self.limit])
        return Page(items=shown, next_cursor=encode(position(shown[-1])) if len(items) > self.limit else None)


def encode(position: Any) -> str:
    """A cursor: opaque to callers, and free to change."""
    return urlsafe_b64encode(to_json(position)).decode().rstrip("=")


def decode(cursor: str, kind: type[P]) -> P:
    """The position in a cursor. Raises Invalid for one that is not ours."""
    try:
        position = _adapter(kind).validate_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        _refuse_unkept_times(position)
        return position
    except (ValueError, OverflowError):
        problem = {"query.cursor": "not one that this list gave out"}
        raise Invalid("Begin again without a cursor.", fields=problem) from None


def _refuse_unkept_times(position: Any) -> None:
    """Raises OverflowError for a time that is beyond the years 1 to 9999 in UTC, as PostgreSQL has it."""
    for part in cast("tuple[object, ...]", position) if isinstance(position, tuple) else ():
        if isinstance(part, datetime):
            part.astimezone(UTC)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _wanted(
    limit: Annotated[int, Query(ge=1, le=MOST)] = DEFAULT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Wanted:
    return Wanted(limit, cursor)


PageWanted = Annotated[Wanted, Depends(_wanted)]
