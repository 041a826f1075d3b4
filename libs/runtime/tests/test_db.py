"""Transactions against a real PostgreSQL."""
# ruff: noqa: PT012 - a transaction that fails is a block

import asyncio
import random
from contextlib import suppress
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from canvass_runtime.db import CommitLost, Database, is_transient, rows, to_the_end
from sqlalchemy import ARRAY, Boolean, Date, DateTime, Float, Integer, Text, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

ACTIVITY = "FROM pg_stat_activity WHERE application_name = 'watched'"
INSERT = text("INSERT INTO t VALUES (:v)")


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


@pytest.fixture
async def watched(database_url: str):
    """A pool of another name, to be watched from the first one."""
    watched = Database(database_url, application_name="watched", pool_size=4)
    yield watched
    await watched.dispose()


async def states(database: Database) -> list[str]:
    async with database.transaction() as tx:
        return [state for state in await tx.scalars(text(f"SELECT state {ACTIVITY}")) if state]


async def test_a_block_that_ends_well_is_committed_and_one_that_fails_is_not(database, kept):
    async with database.transaction() as tx:
        await tx.execute(INSERT, {"v": 1})
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.execute(INSERT, {"v": 2})
            raise ZeroDivisionError
    assert await kept() == [1]


async def test_what_was_said_is_told_after_the_commit_and_only_then(database, kept):
    told: list[object] = []
    database.listeners.append(told.extend)
    async with database.transaction() as tx:
        tx.outgoing.append("first")
        assert told == []
    with suppress(ZeroDivisionError):
        async with database.transaction() as tx:
            tx.outgoing.append("never")
            raise ZeroDivisionError
    assert told == ["first"]


async def test_a_listener_that_fails_takes_nothing_back(database, kept):
    told: list[object] = []
    database.listeners += [lambda _: 1 / 0, told.extend]
    async with database.transaction() as tx:
        await tx.execute(INSERT, {"v": 1})
        tx.outgoing.append("said")
    assert (told, await kept()) == (["said"], [1])


async def test_a_savepoint_undoes_its_own_part_and_what_it_wanted_to_say(database, kept):
    told: list[object] = []
    database.listeners.append(told.extend)
    async with database.transaction() as tx:
        tx.outgoing.append("outside")
        with pytest.raises(Exception, match="duplicate key"):
            async with tx.savepoint():
                tx.outgoing.append("inside")
                await tx.execute(text("INSERT INTO t VALUES (1), (1)"))
        async with tx.savepoint(), tx.savepoint():
            await tx.execute(INSERT, {"v": 2})
    assert (told, await kept()) == (["outside"], [2])


async def test_an_error_swallowed_without_a_savepoint_is_no_silent_loss(database, kept):
    with pytest.raises(CommitLost):
        async with database.transaction() as tx:
            await tx.execute(INSERT, {"v": 1})
            with suppress(Exception):
                await tx.execute(INSERT, {"v": 1})
    assert await kept() == []


async def test_a_commit_is_awaited_to_its_end_when_cancelled(database, kept):
    """A trigger makes the commit wait for a lock that the test holds; the task is cancelled meanwhile."""
    told: list[object] = []
    database.listeners.append(told.extend)
    await _commits_wait(database)
    async with database.transaction() as gate:
        await gate.execute(text("SELECT pg_advisory_xact_lock(7)"))
        writing = asyncio.create_task(_write(database, 1))
        await _until(gate, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert (told, await kept()) == ([1], [1])


async def test_no_cancellation_leaves_a_transaction_open(database, watched, kept):
    """Tasks are cancelled at every stage of their transactions, many times."""
    chance = random.Random(7)
    for number in range(150):
        with suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(0.0, 0.006)):
                await _write(watched, number)
        with suppress(TimeoutError):  # here it is the first statement, and swallowed inside
            async with watched.transaction() as tx, asyncio.timeout(chance.uniform(0.0, 0.002)):
                await tx.execute(text("SELECT pg_sleep(0.001)"))
        assert set(await states(database)) <= {"idle"}
    await asyncio.gather(*(_write(watched, number) for number in range(1000, 1020)))
    assert set(await kept()) >= set(range(1000, 1020))


async def test_a_task_cancelled_at_rest_in_a_transaction_gives_it_up(database, watched):
    opened = asyncio.Event()

    async def hold() -> None:
        async with watched.transaction() as tx:
            await tx.execute(text("SELECT 1"))
            opened.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(hold())
    await opened.wait()
    assert await states(database) == ["idle in transaction"]
    holding.cancel()
    with suppress(asyncio.CancelledError):
        await holding
    assert await states(database) == []


async def test_the_pool_recovers_at_the_next_use_when_the_server_ended_its_connections(database, watched):
    await asyncio.gather(*(watched.ping() for _ in range(4)))
    async with watched.transaction() as tx:
        await tx.execute(text("SELECT 1"))
    async with database.transaction() as tx:
        await tx.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {ACTIVITY}"))
    async with watched.transaction() as tx:
        assert await tx.scalar(text("SELECT 1")) == 1


async def test_a_connection_lost_in_a_transaction_is_transient_and_replaced(database, watched):
    with pytest.raises(Exception) as lost:  # noqa: PT011
        async with watched.transaction() as tx:
            pid = await tx.scalar(text("SELECT pg_backend_pid()"))
            async with database.transaction() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            await tx.execute(text("SELECT 1"))
    assert is_transient(lost.value)
    async with watched.transaction() as tx:
        assert await tx.scalar(text("SELECT pg_backend_pid()")) != pid


async def test_a_connection_that_stays_costs_no_ping(watched):
    statements: list[str] = []
    async with watched.transaction() as tx:
        tx.driver.add_query_logger(lambda record: statements.append(record.query))
    for _ in range(2):
        async with watched.transaction() as tx:
            await tx.execute(text("SELECT 1"))
    assert statements == [
        "COMMIT",
        *["BEGIN", "COMMIT"] * 2,
    ]  # a ping would be more; prepared ones are not logged


async def test_no_free_connection_and_no_server_are_transient(database_url):
    narrow = Database(database_url, application_name="narrow", pool_size=1, acquire_seconds=0.05)
    async with narrow.transaction():
        with pytest.raises(Exception, match="limit of size 1") as full:
            await narrow.ping()
    await narrow.dispose()
    nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing", application_name="nowhere")
    with pytest.raises(OSError) as absent:  # noqa: PT011
        await nowhere.ping()
    assert is_transient(full.value)
    assert is_transient(absent.value)


@pytest.mark.parametrize(
    ("state", "transient"),
    [
        pytest.param("40P01", True, id="deadlock"),
        pytest.param("40001", True, id="serialization"),
        pytest.param("55P03", True, id="lock timeout"),
        pytest.param("53300", True, id="too many connections"),
        pytest.param("57P03", True, id="starting"),
        pytest.param("25006", True, id="standby"),
        pytest.param("23505", False, id="unique"),
        pytest.param("22P02", False, id="bad text"),
        pytest.param("57014", False, id="statement timeout"),
        pytest.param("42P01", False, id="no such table"),
    ],
)
async def test_what_may_succeed_later_unchanged(database, state, transient):
    raises = text(f"DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '{state}'; END $$")
    with pytest.raises(Exception) as raised:  # noqa: PT011
        async with database.transaction() as tx:
            await tx.execute(raises)
    assert is_transient(raised.value) is transient


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("idle_in_transaction_session_timeout", "10s"),
        ("lock_timeout", "5s"),
        ("statement_timeout", "30s"),
        ("application_name", "tests"),
        ("TimeZone", "UTC"),
    ],
)
async def test_the_sessions_have_their_limits(database, name, value):
    async with database.transaction() as tx:
        assert await tx.scalar(text(f"SHOW {name}")) == value


async def test_jsonb_goes_in_and_comes_out_as_it_was(database):
    document = {"n": 1, "f": 1.5, "s": 'ü"\\', "l": [None, True, {}], "id": str(uuid4())}
    echo = select(bindparam("document", type_=JSONB()))
    async with database.transaction() as tx:
        assert await tx.scalar(echo, {"document": document}) == document


async def test_rows_carry_every_type_in_one_statement(database):
    columns = {
        "id": Uuid(), "n": Integer(), "f": Float(), "s": Text(), "b": Boolean(),
        "at": DateTime(timezone=True), "d": Date(), "j": JSONB(),
    }  # fmt: skip
    noon, day = datetime(2026, 1, 2, 12, tzinfo=UTC), date(2026, 1, 2)
    values = [
        (uuid4(), 1, 0.5, "a'\"{},\\ é NULL", True, noon, day, {"a": [1, None, "ü"]}),
        (uuid4(), None, None, None, None, None, None, [{"x": "y"}]),
    ]
    new = rows("new", columns, values)
    by_name = rows("new", {"n": Integer(), "s": Text()}, [{"s": "b", "n": 2}])
    async with database.transaction() as tx:
        assert [tuple(row) for row in await tx.all(select(new).order_by(new.c.n.nulls_last()))] == values
        assert await tx.all(select(rows("new", columns, []))) == []
        assert await tx.all(select(by_name)) == [(2, "b")]


async def test_any_number_of_rows_is_prepared_once(database):
    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%unnest%'")
    async with database.transaction() as tx:
        for number in (0, 1, 2, 500):
            await tx.execute(select(rows("new", {"n": Integer()}, [(n,) for n in range(number)])))
        assert await tx.scalar(prepared) == 2  # and the question itself


def test_rows_refuse_what_unnest_would_flatten():
    with pytest.raises(TypeError, match="JSONB"):
        rows("new", {"tags": ARRAY(Text())}, [(["a"],)])


async def test_to_the_end_raises_what_the_work_raised():
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await to_the_end(fail())


async def _write(database: Database, number: int) -> None:
    async with database.transaction() as tx:
        await tx.execute(INSERT, {"v": number})
        tx.outgoing.append(number)


async def _commits_wait(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.driver.execute("""
            CREATE OR REPLACE FUNCTION wait_for_gate() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION wait_for_gate();
        """)


async def _until(tx, query: str) -> None:
    """Ask until the answer is not zero."""
    async with asyncio.timeout(10):
        while not await tx.scalar(text(query)):
            pass
