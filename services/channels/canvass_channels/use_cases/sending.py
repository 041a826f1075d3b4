"""One process sends what is due: claims, waves of attempts, answers.

No transaction is open while bytes leave. Each commit settles what was answered since the last one and
announces the attempts that begin with it, no more than there are open connections: so a crash leaves no
more than those in doubt, and a busy server costs less than one transaction a message.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from canvass_messaging.failpoints import failpoint
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database

from canvass_channels.domain.delivery import answered, attempt, postpone, refuse
from canvass_channels.domain.model import Answer, Delivery
from canvass_channels.senders.message import Envelope
from canvass_channels.senders.smtp import Unreachable
from canvass_channels.settings import Settings

from . import ledger
from .claiming import Claimed
from .intake import LOOK_AGAIN_SECONDS, Intake
from .ledger import Change
from .writing import Unwritable

GATHER_SECONDS = 0.005
"""While more waits to leave: how long after an answer others may come to share its commit."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """A message that is about to leave, or has left."""

    claimed: Claimed
    envelope: Envelope
    under_way: Delivery


class Sending:
    """What one process holds while it sends. `clock` tells the domain's time; leases go by real time."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._real = Clock()
        self._intake = Intake(settings, clock)
        self._changes: list[tuple[str, Change]] = []
        self._in_flight: dict[asyncio.Task[Answer], _Outgoing] = {}
        self._ending = False

    def stop(self) -> None:
        """Begin nothing new: what is claimed is given back, what is under way is brought to its end."""
        self._ending = True

    async def run(self, database: Database) -> int:
        """Send until nothing is due and nothing under way; returns how many deliveries moved on."""
        self._intake.look_at_once()
        try:
            return await self._work(database)
        except Exception:
            await self._bring_to_an_end(database)
            raise
        finally:
            for task in self._in_flight:
                task.cancel()
            self._in_flight.clear()

    async def _work(self, database: Database) -> int:
        moved = 0
        while True:
            elsewhere = await self._refill(database)
            going = await self._write_next()
            moved += elsewhere + len(self._changes)
            for one in await self._commit(database, going):
                self._begin(one)
            if self._in_flight:
                await self._hear()
            elif not (self._intake.ready or self._changes or elsewhere):
                return moved

    async def _bring_to_an_end(self, database: Database) -> None:
        """Whatever has gone wrong here, what is under way is heard and settled."""
        while self._in_flight or self._changes:
            if self._in_flight:
                await self._hear()
            await self._commit(database, [])

    async def close(self) -> None:
        """Close what is idle."""
        if self._intake.outlet:
            await self._intake.outlet.connections.close()

    async def _refill(self, database: Database) -> int:
        """Have enough ready to leave; returns how many were found that may not."""
        if self._ending:
            self._put_off("given back by a process that has ended", 0)
            return 0
        return await self._intake.refill(database, self._free())

    def _free(self) -> int:
        outlet = self._intake.outlet
        return (outlet.connections.most if outlet else 1) - len(self._in_flight)

    async def _write_next(self) -> list[_Outgoing]:
        """The next messages, as many as there are idle connections."""
        if self._intake.outlet is None or not self._intake.ready:
            return []
        try:
            idle = await self._intake.outlet.connections.open(min(self._free(), len(self._intake.ready)))
        except Unreachable as unreachable:
            _log.warning("sending.unreachable", reason=str(unreachable))
            self._put_off(str(unreachable), self._intake.outlet.connections.rest)
            return []
        going: list[_Outgoing] = []
        while self._intake.ready and len(going) < idle:
            draft = self._intake.ready.popleft()
            claimed = draft.claimed
            try:
                envelope = draft.write(self._intake.outlet.letterhead, self._real.now())
            except Unwritable as unwritable:
                self._change(claimed, claimed.delivery, refuse(claimed.delivery, str(unwritable)))
            else:
                going.append(_Outgoing(claimed, envelope, attempt(claimed.delivery, self._lease())))
        return going

    def _lease(self) -> datetime:
        return self._real.now() + timedelta(seconds=self._settings.attempt_seconds)

    def _put_off(self, why: str, seconds: float) -> None:
        """None of what is claimed was attempted, and none is lost."""
        due_at = self._real.now() + timedelta(seconds=seconds)
        for draft in self._intake.ready:
            claimed = draft.claimed
            self._change(claimed, claimed.delivery, postpone(claimed.delivery, why, due_at))
        self._intake.ready.clear()

    def _change(self, claimed: Claimed, before: Delivery, after: Delivery) -> None:
        self._changes.append((claimed.lane, Change(before, after, claimed.wanted)))

    def _begin(self, one: _Outgoing) -> None:
        assert self._intake.outlet  # noqa: S101 - written for it
        self._in_flight[asyncio.create_task(self._intake.outlet.connections.send(one.envelope))] = one

    async def _hear(self) -> None:
        """Wait for the next answer, and take all that have come by then."""
        done, others = await asyncio.wait(
            self._in_flight, timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if done and others and self._intake.ready:
            more, _ = await asyncio.wait(others, timeout=GATHER_SECONDS)
            done |= more
        for task in done:
            one = self._in_flight.pop(task)
            after = answered(one.under_way, task.result(), one.under_way.attempts, self._real.now())
            self._change(one.claimed, one.under_way, after)
        if done:
            failpoint("deliveries.after_answer")

    async def _commit(self, database: Database, going: Sequence[_Outgoing]) -> list[_Outgoing]:
        """Settle what was answered and announce what begins; returns what may begin, as it is still ours."""
        settled, self._changes = self._changes, []
        begins = [
            (one.claimed.lane, Change(one.claimed.delivery, one.under_way, one.claimed.wanted))
            for one in going
        ]
        moved: set[UUID] = set()
        for lane in sorted({lane for lane, _ in settled + begins}):
            changes = [change for its_lane, change in settled + begins if its_lane == lane]
            moved |= await ledger.move_for_sure(database, lane, changes, self._clock)
        if settled:
            failpoint("deliveries.after_settle")
        if going:
            failpoint("deliveries.attempting")
        return [one for one in going if one.under_way.effect_id in moved]
