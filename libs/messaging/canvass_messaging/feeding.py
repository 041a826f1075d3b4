"""Feeds back what was set aside, one event a transaction, and takes apart what the broker gave up on."""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog
from canvass_runtime.db import Database, Tx
from canvass_schemas.envelope import Fact
from sqlalchemy import Float, Select, func, select

from . import inbox, metrics, set_aside
from .consumers import Unworkable
from .delivery import Delivery
from .failpoints import failpoint
from .isolation import directly
from .reading import Incoming, Read, read
from .retries import DIED, DIED_LIMIT, RETRIES_TIMER, Again, Park, Verdict, described, verdict
from .set_aside import SetAside
from .tables import MessagingTables
from .timers import Timer, wake

HANDLER_SECONDS = 60

_log = structlog.get_logger(__name__)


class Feeding:
    """The retries of one service."""

    def __init__(self, delivery: Delivery, tables: MessagingTables) -> None:
        self._delivery = delivery
        self._tables = tables

    def timer(self) -> Timer:
        """Feeds what is due."""
        next_at = self._tables.retries.c.next_at
        return Timer(RETRIES_TIMER, lambda _: _seconds_until(select(func.min(next_at))), self.feed)

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
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._try(database, entry)
        except Exception as error:  # whatever a handler raises is settled, and shown
            await self._settle(database, entry, described(error), self._verdict(error, entry))

    async def _try(self, database: Database, entry: SetAside) -> None:
        async with database.transaction(entry.lane) as tx:
            if await set_aside.take(tx, self._tables.retries, entry.id):
                await self._delivery.hearing(tx, directly, patient=False).hear(_facts(entry))
            failpoint("retries.before_commit")

    def _verdict(self, error: Exception, entry: SetAside) -> Verdict:
        heard_once = 1  # when it was set aside
        return verdict(error, heard_once + entry.attempt + 1, self._delivery.now())

    async def _settle(self, database: Database, entry: SetAside, error: str, what: Verdict) -> None:
        _log.warning("retries.failed", id=str(entry.id), type=entry.type, attempt=entry.attempt + 1)
        if isinstance(what, Park):
            metrics.parked.labels(entry.type).inc()
        async with database.transaction() as tx:
            await set_aside.put_back(tx, self._tables.retries, entry.id, error, what)

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
