"""The present of all processes of a service, which a demonstration or a test may turn: forward alone."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from canvass_runtime.clock import TurnedClock, monotonic
from canvass_runtime.db import Database, Tx, is_transient
from canvass_runtime.logs import describe
from sqlalchemy import Select, Table, func, select
from sqlalchemy.dialects.postgresql import array, insert

from .connection import wait_for
from .timers import DATABASE_GIVE_UP_AFTER_SECONDS, PULSE_SECONDS, DatabaseAway, Question

TAKEN_UP_WITHIN = timedelta(seconds=2)
"""Every process asks once a second."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Turned:
    """Put in `tx.outgoing`: the clock of this process follows as soon as this has committed."""

    by: timedelta
    at: datetime


class SharedClock(TurnedClock):
    """What one process knows of the clock that all processes of its service share."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self._table = table
        self._turned_at: datetime | None = None

    def called(self, real: datetime) -> datetime | None:
        """None around a turn: another process may still say something by the clock of before."""
        if self._turned_at and real <= self._turned_at + TAKEN_UP_WITHIN:
            return None
        return super().called(real)

    async def take_up(self, tx: Tx) -> None:
        """Go on from where the others are."""
        await self._answer(await tx.scalar(self._reading()))

    def question(self) -> Question:
        """To be asked at every pulse: whether another process has turned it."""
        return Question("clock", self._reading, self._answer)

    def take(self, outgoing: Sequence[object]) -> None:
        """A listener of the database: see `turn_all`."""
        for thing in outgoing:
            if isinstance(thing, Turned):
                self._follow(thing)

    def _reading(self) -> Select[Any]:
        """When it was last turned, and what that moment was called from then on, as one array."""
        clock = self._table.c
        return select(array([clock.turned_at, clock.turned_at + clock.turned_by]))

    async def _answer(self, value: Sequence[datetime] | None) -> None:
        if value:
            at, called = value
            self._follow(Turned(called - at, at))

    def _follow(self, turned: Turned) -> None:
        if turned.by > self.offset:  # an answer may be older than what this process has turned itself
            self.offset, self._turned_at = turned.by, turned.at


async def turn_all(tx: Tx, table: Table, by: timedelta) -> timedelta:
    """Turn the clock of every process: of this one at the commit, of the others within a second.

    Returns by how much it is turned in all.
    """
    turning = insert(table).values(turned_by=by, turned_at=func.clock_timestamp())
    changes = {"turned_by": table.c.turned_by + by, "turned_at": func.clock_timestamp()}
    statement = turning.on_conflict_do_update(index_elements=["one"], set_=changes)
    turned = Turned(*(await tx.execute(statement.returning(table.c.turned_by, table.c.turned_at))).one())
    tx.outgoing.append(turned)
    return turned.by


async def shared(database: Database, table: Table, stop: asyncio.Event) -> SharedClock:
    """The clock of a process that begins. Raises DatabaseAway after 60 s without an answer."""
    clock = SharedClock(table)
    database.listeners.append(clock.take)
    give_up_at = monotonic() + DATABASE_GIVE_UP_AFTER_SECONDS
    while not (await _taken_up(clock, database) or stop.is_set()):
        if monotonic() > give_up_at:
            raise DatabaseAway
        await wait_for(stop, PULSE_SECONDS)
    return clock


async def _taken_up(clock: SharedClock, database: Database) -> bool:
    try:
        async with database.transaction() as tx:
            await clock.take_up(tx)
    except Exception as error:
        if not is_transient(error):  # a schema that is not migrated
            raise
        _log.warning("clock.no_answer", error=describe(error))
        return False
    return True
