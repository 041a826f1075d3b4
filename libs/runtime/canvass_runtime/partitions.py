"""Histories are cut by day: partitions made a week ahead, dropped when they are too old."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import DateTime, Table, text

from canvass_runtime.db import Tx

DAYS_AHEAD = 7

_ALONE = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
"""One process of a service at a time; other services of the same database are not in its way."""


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table `PARTITION BY RANGE (column)`, where `column` is a date or a timestamptz (days in UTC)."""

    table: Table
    column: str
    keep_days: int | None = None
    """Whole days kept before today's; None keeps for ever."""

    def partition(self, day: date | None) -> str:
        """The name, quoted and with its schema, of a day's partition, or of DEFAULT."""
        return _quoted(self.table.schema, self.bare_name(day))

    def bare_name(self, day: date | None) -> str:
        """`visits_p20260131`, or `visits_default` for what no day takes."""
        return f"{self.table.name}_default" if day is None else f"{self.table.name}_p{day:%Y%m%d}"

    def bound(self, day: date) -> str:
        """The first instant of a day, as a literal."""
        instant = isinstance(self.table.c[self.column].type, DateTime)
        return f"'{day.isoformat()} 00:00:00+00'" if instant else f"'{day.isoformat()}'"

    @property
    def parent(self) -> str:
        """The table's name, quoted and with its schema."""
        return _quoted(self.table.schema, self.table.name)


async def ensure(tx: Tx, tables: Iterable[Partitioned], today: date) -> int:
    """Make the partitions from yesterday to a week ahead, and DEFAULT; returns how many were missing.

    Rows that DEFAULT took for a day meanwhile move into that day. Many processes may call this at once.
    """
    wanted = [today + timedelta(days=number) for number in range(-1, DAYS_AHEAD + 1)]
    made = 0
    for table in tables:
        if await _missing(tx, table, wanted):
            await tx.execute(_ALONE, {"name": f"canvass.partitions.{table.table.schema}"})
            missing = await _missing(tx, table, wanted)  # another may have made them while we waited
            for day in missing:
                await (_make_default(tx, table) if day is None else _make_day(tx, table, day))
            made += len(missing)
    return made


async def drop_old(tx: Tx, tables: Iterable[Partitioned], today: date) -> int:
    """Drop the partitions of days that need not be kept; returns how many. Fold what must outlive them first.

    Give it a transaction of its own: it waits a second at most for a lock that would hold up all others, and
    fails if it does not get it.
    """
    await tx.execute(text("SET LOCAL lock_timeout = '1s'"))
    dropped = 0
    for table in tables:
        if table.keep_days is None:
            continue
        last = today - timedelta(days=table.keep_days)
        old = [day for day in await _days(tx, table) if day is not None and day < last]
        for day in old:
            await tx.execute(text(f"DROP TABLE {table.partition(day)}"))
        await tx.execute(
            text(f"DELETE FROM {table.partition(None)} WHERE {_column(table)} < {table.bound(last)}")  # noqa: S608
        )
        dropped += len(old)
    return dropped


async def _missing(tx: Tx, table: Partitioned, wanted: Sequence[date]) -> list[date | None]:
    there = await _days(tx, table)
    return [day for day in (None, *wanted) if day not in there]


async def _days(tx: Tx, table: Partitioned) -> list[date | None]:
    """The days that have a partition; None stands for DEFAULT."""
    query = text(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = to_regclass(:parent)"
    )
    names = await tx.scalars(query, {"parent": table.parent})
    suffixes = [name.removeprefix(f"{table.table.name}_") for name in names]
    return [
        None if suffix == "default" else date.fromisoformat(suffix.removeprefix("p")) for suffix in suffixes
    ]


async def _make_default(tx: Tx, table: Partitioned) -> None:
    await tx.execute(text(f"CREATE TABLE {table.partition(None)} PARTITION OF {table.parent} DEFAULT"))


async def _make_day(tx: Tx, table: Partitioned, day: date) -> None:
    """Attach a table made beside the parent: `PARTITION OF` would lock the parent against everyone."""
    name, first, end = table.partition(day), table.bound(day), table.bound(day + timedelta(days=1))
    for statement in (
        f"CREATE TABLE {name} (LIKE {table.parent} INCLUDING ALL EXCLUDING IDENTITY)",
        f"WITH moved AS (DELETE FROM {table.partition(None)}"  # noqa: S608 - names and days of our own
        f" WHERE {_column(table)} >= {first} AND {_column(table)} < {end} RETURNING *)"
        f" INSERT INTO {name} SELECT * FROM moved",
        f"ALTER TABLE {table.parent} ATTACH PARTITION {name} FOR VALUES FROM ({first}) TO ({end})",
    ):
        await tx.execute(text(statement))


def _column(table: Partitioned) -> str:
    return f'"{table.column}"'


def _quoted(schema: str | None, name: str) -> str:
    return f'"{schema}"."{name}"' if schema else f'"{name}"'
