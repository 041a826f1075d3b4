"""Transactions against a real PostgreSQL."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from canvass_runtime.db import Database, rows
from sqlalchemy import Boolean, Date, DateTime, Float, Integer, Text, Uuid, select, text
from sqlalchemy.dialects.postgresql import JSONB


@pytest.fixture
async def kept(database: Database):
    """Reads the values that table `t` holds; the table is made for the test."""
    async with database.transaction() as tx:
        await tx.execute(text("CREATE TABLE t (v int PRIMARY KEY)"))

    async def read() -> list[int]:
        async with database.transaction() as tx:
            return await tx.scalars(text("SELECT v FROM t ORDER BY v"))

    yield read
    async with database.transaction() as tx:
        await tx.execute(text("DROP TABLE t"))


async def test_a_block_that_ends_well_is_committed_and_one_that_fails_is_not(database, kept):
    async with database.transaction() as tx:
        await tx.execute(text("INSERT INTO t VALUES (:v)"), {"v": 1})
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with database.transaction() as tx:
            await tx.execute(text("INSERT INTO t VALUES (2)"))
            raise ZeroDivisionError
    assert await kept() == [1]


async def test_rows_carry_every_type_in_one_statement(database):
    columns = {
        "id": Uuid(),
        "n": Integer(),
        "f": Float(),
        "s": Text(),
        "b": Boolean(),
        "at": DateTime(timezone=True),
        "d": Date(),
        "j": JSONB(),
    }
    values = [
        (
            uuid4(),
            1,
            0.5,
            "a'\"{},\\ é",
            True,
            datetime(2026, 1, 2, tzinfo=UTC),
            date(2026, 1, 2),
            {"a": [1, None, "ü"]},
        ),
        (uuid4(), None, None, None, None, None, None, [{"x": "y"}]),
    ]
    new = rows("new", columns, values)
    async with database.transaction() as tx:
        assert [tuple(row) for row in await tx.all(select(new).order_by(new.c.n.nulls_last()))] == values
        assert await tx.all(select(rows("new", columns, []))) == []
        assert (await tx.all(select(rows("new", {"n": Integer(), "s": Text()}, [{"s": "b", "n": 2}]))))[
            0
        ] == (2, "b")
