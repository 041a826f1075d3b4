"""Everybody is judged by a definition that is new or has changed."""

import asyncio
from uuid import UUID

import pytest
from canvass_schemas.segments import ContactEntered, ContactLeft
from canvass_segments.store import builds as store
from canvass_segments.tables import builds
from canvass_segments.use_cases import building
from sqlalchemy import select

from services.segments.tests.conftest import (
    ANN,
    BOB,
    CANADA,
    CAT,
    NOON,
    PRICES_TWICE,
    build_all,
    changed,
    viewed,
)

STATES = {"field": "country", "operator": "=", "value": "US"}


@pytest.fixture
def small(monkeypatch):
    """Chunks of three contacts, slices of two."""
    monkeypatch.setattr(building, "CHUNK", 3)
    monkeypatch.setattr(building, "SLICE", 2)


async def test_a_build_says_in_bulk_who_enters_and_who_leaves(define, hear, said, members):
    await hear(changed(ANN, country="CA"), changed(BOB, country="US"), viewed(CAT))
    await define("hot", CANADA)
    [entered] = await said("bulk")
    assert isinstance(entered, ContactEntered)
    assert (entered.subject, entered.causationid, entered.time) == (ANN, None, NOON)
    await define("hot", STATES)
    facts = {(type(fact), fact.subject, fact.revision) for fact in await said("bulk")}
    assert facts == {(ContactEntered, BOB, 1), (ContactLeft, ANN, 2)}
    assert await members() == {(BOB, "hot")}


async def test_a_build_finds_everybody_chunk_by_chunk(small, define, hear, said, members):
    ids = [UUID(int=number) for number in range(1, 11)]
    await hear(*(changed(id_, country="CA") for id_ in ids), viewed(ids[3]), viewed(ids[3], minute=1))
    await define("canada", CANADA)
    await define("none", PRICES_TWICE, match="none")
    assert {id_ for id_, key in await members() if key == "canada"} == set(ids)
    assert {id_ for id_, key in await members() if key == "none"} == set(ids) - {ids[3]}
    assert len(await said()) == 19


async def test_a_build_goes_on_where_it_was_left(small, database, define, hear, said, members):
    ids = [UUID(int=number) for number in range(1, 8)]
    await hear(*(changed(id_, country="CA") for id_ in ids))
    await define("canada", CANADA, build=False)
    await building.build(database, NOON)
    assert {id_ for id_, _ in await members()} == set(ids[:3])
    async with database.transaction() as tx:
        [row] = await tx.all(select(builds.c.done_through, builds.c.done))
    assert tuple(row) == (ids[2], 3)
    await build_all(database)
    assert {id_ for id_, _ in await members()} == set(ids)
    assert len(await said()) == len(ids)


async def test_another_definition_ends_what_was_under_way(small, database, define, hear, members):
    ids = [UUID(int=number) for number in range(1, 8)]
    await hear(*(changed(id_, country="CA" if id_.int % 2 else "US") for id_ in ids))
    await define("hot", CANADA, build=False)
    async with database.transaction("bulk") as tx:
        stale = await store.claim(tx)
    await define("hot", STATES)
    async with database.transaction("bulk") as tx:
        assert await store.advance(tx, stale, ids[-1], 0) is None
    assert {id_.int for id_, _ in await members()} == {2, 4, 6}


async def test_a_build_waits_for_transactions_that_may_not_know_the_definition(
    database, define, hear, members
):
    """A batch may have read the definitions before ours was committed, and commit after the build's look."""
    began, may_end = asyncio.Event(), asyncio.Event()

    async def batch():
        async with database.transaction():
            began.set()
            await may_end.wait()

    running = asyncio.create_task(batch())
    await began.wait()
    await hear(changed(ANN, country="CA"))
    await define("canada", CANADA, build=False)
    assert await building.build(database, NOON) == 1
    assert await members() == set()
    may_end.set()
    await running
    await build_all(database)
    assert await members() == {(ANN, "canada")}


async def test_several_may_build_at_once(small, database, define, hear, said, members):
    ids = [UUID(int=number) for number in range(1, 20)]
    await hear(*(changed(id_, country="CA") for id_ in ids))
    await define("canada", CANADA, build=False)
    await define("others", STATES, match="none", build=False)
    await asyncio.gather(*(build_all(database) for _ in range(3)))
    assert await members() == {(id_, key) for id_ in ids for key in ("canada", "others")}
    assert len(await said()) == 2 * len(ids)


async def test_nothing_is_due_when_nothing_is_to_build(database, define):
    await define("canada", CANADA)
    async with database.transaction() as tx:
        assert await tx.scalar(store.seconds_until_due()) is None
    assert await building.build(database, NOON) == 0
