"""Feeds back what was set aside, one event a transaction, and takes apart what the broker gave up on."""

import asyncio
from datetime import datetime
from typing import Any

import structlog
from canvass_runtime.db import Database, is_transient
from canvass_schemas.envelope import Fact
from sqlalchemy import Float, Select, func, select

from . import inbox, metrics, set_aside
from .consumers import Unworkable
from .delivery import Delivery
from .failpoints import failpoint
from .isolation import directly
from .reading import Incoming, read
from .retries import DIED, DIED_LIMIT, Again, Park, described, verdict
from .set_aside import SetAside
from .tables import MessagingTables
from .timers import Timer

CLAIM_LIMIT = 100
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
        return Timer("retries", lambda _: _seconds_until(select(func.min(next_at))), self.feed)

    async def feed(self, database: Database, now: datetime) -> int:
        """Try events that are due again; returns how many."""
        async with database.transaction() as tx:
            claimed = await set_aside.claim(tx, self._tables.retries, CLAIM_LIMIT)
        failpoint("retries.after_claim")
        for entry in claimed:
            await self._feed_one(database, entry, now)
        return len(claimed)

    async def _feed_one(self, database: Database, entry: SetAside, now: datetime) -> None:
        if entry.error == DIED and entry.attempt > DIED_LIMIT:
            await self._settle(database, entry, f"{DIED} It happened {DIED_LIMIT} times.", Park())
            return
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._try(database, entry)
        except Exception as error:  # whatever a handler raises is settled, and shown
            if is_transient(error):
                raise
            await self._settle(database, entry, described(error), verdict(error, entry.attempt + 1, now))
        failpoint("retries.after_commit")

    async def _try(self, database: Database, entry: SetAside) -> None:
        async with database.transaction(entry.lane) as tx:
            if await set_aside.take(tx, self._tables.retries, entry.id):
                await self._delivery.hearing(tx, directly, patient=False).hear([_fact(entry)])
            failpoint("retries.before_commit")

    async def _settle(self, database: Database, entry: SetAside, error: str, what: Again | Park) -> None:
        _log.warning("retries.failed", id=str(entry.id), type=entry.type, attempt=entry.attempt, error=error)
        if isinstance(what, Park):
            metrics.parked.labels(entry.type).inc()
        async with database.transaction() as tx:
            await set_aside.put_back(tx, self._tables.retries, entry.id, error, what)

    async def take_apart(self, database: Database, message: Incoming, lane: str, now: datetime) -> None:
        """Set the events of a message that kept failing as a whole aside, to be fed singly.

        What is being fed counts its attempts before it begins, so an event that ends the process is found.
        """
        understood = read(message)
        async with database.transaction(lane) as tx:
            if await inbox.mark(tx, self._tables.inbox, [message.message_id]):
                why = "delivered again and again without taking effect: its events are tried alone"
                entries = [set_aside.failed(fact, why, Again(now), now) for fact in understood.facts]
                entries += [
                    set_aside.unreadable(message.type, one.raw, one.error, now) for one in understood.refused
                ]
                await set_aside.keep(tx, self._tables.retries, entries)
            failpoint("dead_letters.before_commit")
        failpoint("dead_letters.after_commit")


def _fact(entry: SetAside) -> Fact[Any]:
    understood = read(Incoming(entry.id, entry.type, entry.body))
    if not understood.facts:
        raise Unworkable(understood.refused[0].error if understood.refused else "an empty message")
    return understood.facts[0]


def _seconds_until(at: Select[Any]) -> Select[Any]:
    return select(func.extract("epoch", at.scalar_subquery() - func.now()).cast(Float))
