"""One batch of wire messages, one transaction: marks, locks, handlers, what they say."""

from collections.abc import Iterable, Sequence
from typing import Any

from canvass_runtime.clock import Clock
from canvass_runtime.db import Database, Tx
from canvass_runtime.telemetry import consume_span
from canvass_schemas.envelope import Fact

from . import inbox, metrics, set_aside, watermarks
from .consumers import Consumers
from .failpoints import failpoint
from .hearing import Hearing
from .isolation import Attempt, directly, isolating
from .reading import Incoming, Read, read
from .retries import Park, described, verdict
from .tables import MessagingTables

TOO_OLD = "older than the marks that would tell it from a repeat: replay it only if it never took effect"


class Delivery:
    """Makes wire messages take effect in one service, each exactly once."""

    def __init__(self, consumers: Consumers, tables: MessagingTables, clock: Clock) -> None:
        """`clock` is the real one: ages and retries go by it, whatever the domain's present is turned to."""
        self._consumers = consumers
        self._tables = tables
        self.now = clock.now

    async def take_effect(
        self, database: Database, messages: Sequence[Incoming], lane: str, *, isolate: bool = False
    ) -> None:
        """Let messages take effect, all or none. With `isolate`, an event that fails is set aside alone.

        Raises what a handler raised (without `isolate`), or whatever the database does.
        """
        understood = [read(message) for message in messages]
        marked = _once(one for one in understood if not one.is_watermark)
        with consume_span(f"{self._consumers.service}.{lane}", _traceparents(marked)):
            async with database.transaction(lane) as tx:
                failpoint("consumer.before_marks")
                fresh = await self._fresh(tx, marked)
                failpoint("consumer.after_marks")
                if facts := await self.workable(tx, fresh):
                    attempt = isolating(self.set_aside) if isolate else directly
                    await self.hearing(tx, attempt, patient=True).hear(facts)
                await self._watermarks(tx, [one for one in understood if one.is_watermark])
                failpoint("consumer.before_commit")
        failpoint("consumer.after_commit")

    async def _fresh(self, tx: Tx, messages: Sequence[Read]) -> list[Read]:
        """Those messages that have not taken effect before; they do now, or this transaction fails."""
        if not messages:
            return []
        fresh = await inbox.mark(tx, self._tables.inbox, [message.message_id for message in messages])
        metrics.repeated.inc(len(messages) - len(fresh))
        return [message for message in messages if message.message_id in fresh]

    async def _watermarks(self, tx: Tx, messages: Sequence[Read]) -> None:
        if said := [fact for message in messages for fact in message.facts]:
            await watermarks.advance(tx, self._tables.watermarks, said)

    def hearing(self, tx: Tx, attempt: Attempt, *, patient: bool) -> Hearing:
        """A hearing in `tx`."""
        return Hearing(self._consumers, self._tables, tx, self.now(), attempt, patient=patient)

    async def workable(self, tx: Tx, messages: Sequence[Read]) -> list[Fact[Any]]:
        """The facts that may take effect; what cannot be read, or told from a repeat, is parked."""
        now = self.now()
        facts: list[Fact[Any]] = []
        parked: list[dict[str, Any]] = []
        for message in messages:
            parked += [set_aside.unreadable(message.type, one.raw, one.error, now) for one in message.refused]
            if inbox.is_too_old(message.message_id, now):
                parked += [set_aside.failed(fact, TOO_OLD, Park(), now) for fact in message.facts]
            elif self._consumers.fact(message.type):
                facts += message.facts
        if parked:
            await set_aside.keep(tx, self._tables.retries, parked)
            for entry in parked:
                metrics.parked.labels(entry["type"] if self._consumers.fact(entry["type"]) else "other").inc()
        return facts

    async def set_aside(self, tx: Tx, fact: Fact[Any], error: Exception) -> None:
        """What becomes of an event whose handler failed on it alone."""
        now = self.now()
        metrics.set_aside.labels(fact.type).inc()
        entry = set_aside.failed(fact, described(error), verdict(error, 1, now), now)
        await set_aside.keep(tx, self._tables.retries, [entry])


def _once(messages: Iterable[Read]) -> list[Read]:
    """Each message once: what the relay has published twice may well arrive together."""
    return list({message.message_id: message for message in messages}.values())


def _traceparents(messages: Sequence[Read]) -> list[str]:
    return sorted({fact.traceparent for message in messages for fact in message.facts if fact.traceparent})
