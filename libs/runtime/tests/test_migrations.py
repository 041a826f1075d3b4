"""Bringing a schema to its newest revision."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from canvass_runtime.db import Database
from canvass_runtime.migrations import differences, migrate
from canvass_runtime.testing import fresh_database
from sqlalchemy import Column, Integer, MetaData, Table, text


@pytest.fixture
def example(monkeypatch, database_url):
    """A database of its own, and the example service importable."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    with fresh_database(database_url) as url:
        yield url
    for name in [name for name in sys.modules if name.startswith("canvass_example")]:
        del sys.modules[name]


async def test_many_may_migrate_at_once_and_again(example):
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: migrate(example, "canvass_example", "example"), range(4)))
    migrate(example, "canvass_example", "example")
    database = Database(example, application_name="tests")
    async with database.transaction() as tx:
        assert await tx.scalars(text("SELECT version_num FROM example.alembic_version")) == ["0002"]
    await database.dispose()


def test_head_and_metadata_are_compared(example):
    migrate(example, "canvass_example", "example")
    from canvass_example.tables import metadata  # noqa: PLC0415 - importable only with the fixture

    assert differences(example, metadata, "example") == ""
    wanting = MetaData(schema="example")
    Table("other", wanting, Column("id", Integer, primary_key=True))
    assert "op.create_table('other'" in differences(example, wanting, "example")


async def test_partitions_are_no_difference(example):
    from datetime import date  # noqa: PLC0415

    migrate(example, "canvass_example", "example")
    from canvass_example.tables import metadata, visits  # noqa: PLC0415
    from canvass_runtime.partitions import Partitioned, ensure  # noqa: PLC0415

    database = Database(example, application_name="tests")
    async with database.transaction() as tx:
        await ensure(tx, [Partitioned(visits, "at")], date(2026, 1, 31))
    await database.dispose()
    assert differences(example, metadata, "example") == ""


def test_what_is_no_package_is_said(example):
    with pytest.raises(ModuleNotFoundError, match="canvass_nowhere"):
        migrate(example, "canvass_nowhere", "nowhere")
