"""Histories cut by day."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from canvass_runtime.partitions import Partitioned, drop_old, ensure
from sqlalchemy import Column, Date, DateTime, Identity, Integer, MetaData, Table, insert, select, text

TODAY = date(2026, 1, 31)
metadata = MetaData(schema="parts")
BY_INSTANT = Table(
    "visits",
    metadata,
    Column("id", Integer, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("n", Integer, index=True),
    postgresql_partition_by="RANGE (at)",
)
BY_DAY = Table(
    "marks", metadata, Column("day", Date, primary_key=True), postgresql_partition_by="RANGE (day)"
)
TABLES = [Partitioned(BY_INSTANT, "at", keep_days=2), Partitioned(BY_DAY, "day")]


@pytest.fixture
async def tables(database):
    async with database.transaction() as tx:
        await tx.execute(text("CREATE SCHEMA parts"))
        await tx.connection.run_sync(metadata.create_all)
    yield TABLES
    async with database.transaction() as tx:
        await tx.execute(text("DROP SCHEMA parts CASCADE"))


async def names(tx) -> list[str]:
    return await tx.scalars(
        text("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1")
    )


async def visit(tx, day: date) -> None:
    at = datetime.combine(day, datetime.min.time(), UTC)
    await tx.execute(insert(BY_INSTANT).values(at=at, n=day.day))


async def test_days_are_made_from_yesterday_to_a_week_ahead_once(database, tables):
    async def make() -> int:
        async with database.transaction() as tx:
            return await ensure(tx, tables, TODAY)

    assert sum(await asyncio.gather(make(), make(), make())) == 20
    async with database.transaction() as tx:
        made = [name for name in await names(tx) if name.startswith("marks")]
        assert await ensure(tx, tables, TODAY) == 0
    assert made == [
        "marks_default",
        "marks_p20260130",
        "marks_p20260131",
        *(f"marks_p2026020{n}" for n in range(1, 8)),
    ]


async def test_what_default_took_moves_into_its_day(database, tables):
    """A service that slept for a week finds its rows where they belong."""
    async with database.transaction() as tx:
        await ensure(tx, tables, TODAY)
        for days in (8, 9, 30):
            await visit(tx, TODAY + timedelta(days=days))
        await ensure(tx, tables, TODAY + timedelta(days=7))
        where = text("SELECT tableoid::regclass::text FROM parts.visits ORDER BY at")
        assert await tx.scalars(where) == [
            "parts.visits_p20260208",
            "parts.visits_p20260209",
            "parts.visits_default",
        ]


async def test_old_days_are_dropped_with_what_default_held_of_them(database, tables):
    async with database.transaction() as tx:
        await ensure(tx, tables, TODAY)
        await visit(tx, TODAY - timedelta(days=40))
        await visit(tx, TODAY)
    async with database.transaction() as tx:
        assert await drop_old(tx, tables, TODAY + timedelta(days=2)) == 1
        assert await tx.scalars(select(BY_INSTANT.c.n)) == [31]
        assert await drop_old(tx, tables, TODAY + timedelta(days=2)) == 0


async def test_partitions_carry_the_indexes_of_their_table(database, tables):
    async with database.transaction() as tx:
        await ensure(tx, tables, TODAY)
        count = (
            "SELECT count(*) FROM pg_indexes WHERE schemaname = 'parts' AND tablename = 'visits_p20260131'"
        )
        assert await tx.scalar(text(count)) == 2
