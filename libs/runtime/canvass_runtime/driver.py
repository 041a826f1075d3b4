"""What we use of asyncpg itself, which has no types."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import asyncpg  # pyright: ignore[reportMissingTypeStubs]

InterfaceError: type[Exception] = asyncpg.InterfaceError
PostgresError: type[Exception] = asyncpg.PostgresError


class Driver(Protocol):
    """A bare asyncpg connection."""

    async def execute(self, query: str, *args: Any) -> str:
        """Run a statement (or several, without arguments); the status of the last, as `INSERT 0 1`."""
        ...

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """The rows of a query."""
        ...

    async def copy_records_to_table(
        self,
        table_name: str,
        *,
        records: Iterable[Sequence[Any]],
        columns: Sequence[str] | None = None,
        schema_name: str | None = None,
    ) -> str:
        """COPY rows into a table: the fastest way in, without conflict handling."""
        ...

    def is_in_transaction(self) -> bool:
        """What the server said with its last answer."""
        ...

    def is_closed(self) -> bool:
        """Known without asking the server."""
        ...

    async def close(self) -> None:
        """Say goodbye to the server."""
        ...


async def connect(url: str, *, seconds: int = 5, **options: Any) -> Driver:
    """One connection outside any pool, to a `postgresql://` url."""
    return await asyncpg.connect(url, timeout=seconds, **options)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
