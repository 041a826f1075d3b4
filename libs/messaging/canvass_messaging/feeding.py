"""Feeds back what was set aside, one event a transaction, and takes apart what the broker gave up on."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from canvass_runtime.db import Database, Tx, is_transient
from canvass_runtime.logs import describe
from canvass_schemas.envelope import Fact
from sqlalchemy import Float, Select, func, select

from . import inbox, metrics, set_aside
from .connection import wait_for
from .consumers import Unworkable
from .delivery import Delivery
from .failpoints import failpoint
from .isolation import directly
from .reading import Incoming, Read, read
from .retries import (
    AFTER_A_FAULT,
    DIED,
    DIED_LIMIT,
    RETRIES_TIMER,
    Again,
    Park,
    Untried,
    Verdict,
    described,
    verdict,
)
from .set_aside import SetAside
from .tables import MessagingTables
from .timers import Timer, wake

HANDLER_SECONDS = 60
AWAY_SECONDS = 1.0
"""Between two attempts to say what became of an event while the database is away."""

_log = structlog.get_logger(__name__)


class Feeding:
    """The retries of one service."""

    def __init__(self, delivery: Delivery, tables: MessagingTables) -> None:
        self._delivery = delivery
        self._tables = tables
        self._stop = asyncio.Event()

    def timer(self) -> Timer:
        """Feeds what is due."""
        next_at = self._tables.retries.c.next_at
        due = _seconds_until(select(func.min(next_at)))
        return Timer(RETRIES_TIMER, lambda _: due, self.feed, self._stop.set)

    async def feed(self, database: Database, _: object = None) -> int:
        """Try the event again that is due for the longest; returns how many there were: 1 or 0."""
        async with database.transaction() as tx:
            entry = await set_aside.claim(tx, self._tables.retries)
        if entry is None:
            return 0
        failpoint("retries.after_claim")
        if entry.deaths >= DIED_LIMIT:
            await self._settle(database, entry, f"{DIED} It happened {entry.deaths} times running.", Park())
        else:
            await self._feed(database, entry)
        failpoint("retries.after_commit")
        return 1

    async def _feed(self, database: Database, entry: SetAside) -> None:
        limit = asyncio.timeout(HANDLER_SECONDS)
        try:
            async with limit:
                await self._try(database, entry)
        except Exception as error:  # whatever a handler raises is settled, and shown
            blameless = is_transient(error) and not limit.expired()
            await self._settle(database, entry, described(error), self._verdict(error, entry, blameless))

    async def _try(self, database: Database, entry: SetAside) -> None:
        async with database.transaction(entry.lane) as tx:
            if await set_aside.take(tx, self._tables.retries, entry.id):
                await self._delivery.hearing(tx, directly, patient=False).hear(_facts(entry))
            failpoint("retries.before_commit")

    def _verdict(self, error: Exception, entry: SetAside, blameless: bool) -> Verdict | Untried:
        if blameless:
            return Untried(self._delivery.now() + AFTER_A_FAULT)
        heard_once = 1  # when it was set aside
        return verdict(error, heard_once + entry.attempt + 1, self._delivery.now())

    async def _settle(self, database: Database, entry: SetAside, error: str, what: Verdict | Untried) -> None:
        _log.warning("retries.failed", id=str(entry.id), type=entry.type, attempt=entry.attempt + 1)
        if isinstance(what, Park):
            metrics.parked.labels(entry.type).inc()
        while not await self._has_put_back(database, entry, error, what):
            if await wait_for(self._stop, AWAY_SECONDS):
                return

    async def _has_put_back(
        self, database: Database, entry: SetAside, error: str, what: Verdict | Untried
    ) -> bool:
        """False while the database is away. Left unsettled, the attempt would pass for our death."""
        try:
            async with database.transaction() as tx:
                await set_aside.put_back(tx, self._tables.retries, entry, error, what)
        except Exception as fault:
            if not is_transient(fault):
                raise
            _log.warning("retries.not_settled", id=str(entry.id), error=describe(fault))
            return False
        return True

    async def take_apart(self, database: Database, message: Incoming, lane: str) -> None:
        """Set the events of a message that kept failing as a whole aside, to be fed singly.

        What is being fed counts its attempts before it begins, so an event that ends the process is found.
        """
        understood = read(message)
        async with database.transaction(lane) as tx:
            if await inbox.mark(tx, self._tables.inbox, [message.message_id]):
                await self._set_aside(tx, understood)
            failpoint("dead_letters.before_commit")
        failpoint("dead_letters.after_commit")

    async def park(self, database: Database, message: Incoming, lane: str, error: Exception) -> None:
        """The last resort: park a message whole, as the bytes that came. Nothing in it can be in the way."""
        async with database.transaction(lane) as tx:
            if await inbox.mark(tx, self._tables.inbox, [message.message_id]):
                why = f"could not even be taken apart: {described(error)}"
                entry = set_aside.unreadable(message.type, message.body, why, self._delivery.now())
                await set_aside.keep(tx, self._tables.retries, [entry])
                metrics.parked.labels("other").inc()

    async def _set_aside(self, tx: Tx, message: Read) -> None:
        now = self._delivery.now()
        facts = await self._delivery.workable(tx, [message])
        why = "delivered again and again without taking effect: its events are tried alone"
        if facts:
            entries = [set_aside.failed(fact, why, Again(now), now) for fact in facts]
            await set_aside.keep(tx, self._tables.retries, entries)
            wake(tx, RETRIES_TIMER)


def _facts(entry: SetAside) -> Sequence[Fact[Any]]:
    """One fact; or all of a message that could not be read when it came, and can be now."""
    understood = read(Incoming(entry.id, entry.type, entry.body))
    if understood.refused:
        raise Unworkable(understood.refused[0].error)
    return understood.facts


def _seconds_until(at: Select[Any]) -> Select[Any]:
    return select(func.extract("epoch", at.scalar_subquery() - func.now()).cast(Float))
