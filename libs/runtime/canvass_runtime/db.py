"""PostgreSQL: a pool, and transactions that end one way or the other."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import structlog
from pydantic_core import from_json, to_json
from sqlalchemy import Executable, Row, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool

from canvass_runtime.addresses import asyncpg_url
from canvass_runtime.driver import Driver, PostgresError
from canvass_runtime.metrics import connections_in_use
from canvass_runtime.rows import rows
from canvass_runtime.transience import is_transient

__all__ = ["CommitLost", "Database", "Listener", "Tx", "is_transient", "rows", "to_the_end"]

ACQUIRE_SECONDS = 5.0
"""How long a transaction waits for a free connection, and a connection for the server's greeting."""
STATEMENT_SECONDS = 30

T = TypeVar("T")
Listener = Callable[[Sequence[object]], None]
log = structlog.get_logger()


class CommitLost(Exception):
    """PostgreSQL answered COMMIT with ROLLBACK, as an error was swallowed inside. Nothing is kept."""


class Tx:
    """One transaction, opened at a door and never committed inside. Not for use by several tasks at once."""

    def __init__(self, connection: AsyncConnection, driver: Driver, lane: str) -> None:
        self.connection = connection
        self.driver = driver
        """The bare asyncpg connection, for COPY."""
        self.lane = lane
        """`live` or `bulk`: what is said here inherits it."""
        self.outgoing: list[object] = []
        """Handed to the database's listeners once, and only if, this is committed."""
        self.committed = False
        self._savepoints = 0

    async def execute(self, statement: Executable, parameters: Any = None) -> Any:
        """The CursorResult of a statement."""
        return await self.connection.execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Any = None) -> Any:
        """The first column of the first row, or None."""
        return await self.connection.scalar(statement, parameters)

    async def scalars(self, statement: Executable, parameters: Any = None) -> list[Any]:
        """The first column of every row."""
        return list((await self.connection.scalars(statement, parameters)).all())

    async def all(self, statement: Executable, parameters: Any = None) -> Sequence[Row[*tuple[Any, ...]]]:
        """Every row."""
        return (await self.connection.execute(statement, parameters)).all()

    @asynccontextmanager
    async def savepoint(self) -> AsyncGenerator[None]:
        """What fails in here is undone here, with what it wanted to say, and raised again.

        A cancellation is not undone here: it ends the whole transaction.
        """
        self._savepoints += 1
        name, said = f"canvass_{self._savepoints}", len(self.outgoing)
        await self.driver.execute(f"SAVEPOINT {name}")
        try:
            yield
        except Exception:
            del self.outgoing[said:]
            await self.driver.execute(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")
            raise
        await self.driver.execute(f"RELEASE SAVEPOINT {name}")


class Database:
    """The pool of one process. Connects at the first use, and recovers by itself at the next use."""

    def __init__(
        self,
        url: str,
        *,
        application_name: str,
        pool_size: int = 10,
        acquire_seconds: float = ACQUIRE_SECONDS,
    ) -> None:
        self._engine = _engine(url, application_name, pool_size, acquire_seconds)
        connections_in_use.labels(application_name).set_function(
            cast("QueuePool", self._engine.pool).checkedout
        )
        self.listeners: list[Listener] = []
        """Called after each commit with what the transaction wanted to say; must not block."""

    @asynccontextmanager
    async def transaction(self, lane: str = "live") -> AsyncGenerator[Tx]:
        """Commit if the block ends well, else roll back. Neither can be interrupted by a cancellation.

        BEGIN and COMMIT are sent here and not by SQLAlchemy (which runs in its autocommit mode): a
        cancellation inside its implicit BEGIN would leave a connection in the pool with a transaction open.
        Raises what `is_transient` knows when there is no database, or no free connection within 5 seconds.
        """
        async with self._engine.connect() as connection:
            driver = await _driver(connection)
            tx = Tx(connection, driver, lane)
            try:
                await driver.execute("BEGIN")
                yield tx
                await to_the_end(_commit(tx, self._tell))
            except BaseException as error:
                await to_the_end(_undo(tx, error))
                raise

    async def ping(self) -> None:
        """Ask PostgreSQL for a sign of life; raises if there is none."""
        async with self._engine.connect() as connection:
            await (await _driver(connection)).execute("SELECT 1")

    async def dispose(self) -> None:
        """Close the connections that nobody holds. Call it once the work has ended."""
        await self._engine.dispose()

    def _tell(self, outgoing: Sequence[object]) -> None:
        for listener in self.listeners:
            try:
                listener(outgoing)
            except Exception:  # what is committed stays committed; the outbox's sweep finds what was not told
                log.exception("listener_failed")


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Await `work` to its end even if the caller is cancelled meanwhile; that is raised after it."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    result = task.result()
    if cancelled is not None:
        raise cancelled
    return result


def _engine(url: str, application_name: str, pool_size: int, acquire_seconds: float) -> AsyncEngine:
    engine = create_async_engine(
        asyncpg_url(url),
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=acquire_seconds,
        pool_use_lifo=True,  # few warm connections rather than many cold ones
        pool_reset_on_return=None,  # a transaction ends in `transaction`, or its connection does
        hide_parameters=True,  # what people wrote belongs in no log
        json_serializer=_to_json,
        json_deserializer=from_json,
        connect_args={
            "timeout": acquire_seconds,
            "command_timeout": STATEMENT_SECONDS + 5,  # a server that has vanished sends no statement timeout
            "server_settings": {
                "application_name": application_name,
                "idle_in_transaction_session_timeout": "10s",
                "lock_timeout": "5s",
                "statement_timeout": f"{STATEMENT_SECONDS}s",
                "timezone": "UTC",
                "jit": "off",  # our statements are many and short
            },
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(dbapi_connection: Any, *_: Any) -> None:
    """A connection that has ended while idle is replaced here; asyncpg knows without asking the server."""
    if dbapi_connection.driver_connection.is_closed():
        raise DisconnectionError("ended while idle")


async def _driver(connection: AsyncConnection) -> Driver:
    return cast("Driver", (await connection.get_raw_connection()).driver_connection)


async def _commit(tx: Tx, tell: Listener) -> None:
    if await tx.driver.execute("COMMIT") != "COMMIT":
        raise CommitLost
    tx.committed = True
    if tx.outgoing:
        tell(tx.outgoing)


async def _undo(tx: Tx, error: BaseException) -> None:
    """Roll back; where that is not certain to work, let the connection go, and the transaction with it."""
    if tx.committed:  # cancelled while the commit ran its course
        return
    cancelled = not isinstance(error, Exception)  # at who knows which byte
    try:
        if not cancelled and tx.driver.is_in_transaction():
            await tx.driver.execute("ROLLBACK")
        elif not isinstance(error, (CommitLost, PostgresError)):
            await tx.connection.invalidate()
    except Exception:
        await tx.connection.invalidate()


def _to_json(value: Any) -> str:
    return to_json(value).decode()
