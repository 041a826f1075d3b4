"""One process sends what is due: claims, waves of attempts, answers.

No transaction is open while bytes leave. Each commit settles what was answered since the last one and
announces the attempts that begin with it, no more than there are open connections: so a crash leaves no
more than those in doubt, and a busy server costs less than one transaction a message.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from canvass_messaging.failpoints import failpoint
from canvass_messaging.timers import Wake
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database

from canvass_channels.domain.answers import GONE
from canvass_channels.domain.delivery import answered, attempt, postpone, refuse
from canvass_channels.domain.model import Answer, Delivery
from canvass_channels.senders.calls import Caller
from canvass_channels.senders.press import Press
from canvass_channels.senders.smtp import Unreachable
from canvass_channels.settings import Settings
from canvass_channels.store.shelf import Shelved

from . import ledger
from .claiming import Claimed
from .desks import Desk, Desks
from .intake import LOOK_AGAIN_SECONDS, Intake
from .ledger import SENDING, Change
from .printing import Printing
from .writing import Message, Unwritable

GATHER_SECONDS = 0.005
"""While more waits to leave: how long after an answer others may come to share its commit."""
OPENING_SECONDS = 0.02
"""How long all wait for connections to be opened; who needs longer is waited for beside the others' work."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """A message that is about to leave, or has left."""

    claimed: Claimed
    message: Message
    desk: Desk
    under_way: Delivery


class Sending:
    """What one process holds while it sends. `clock` tells the domain's time; leases go by real time."""

    def __init__(self, settings: Settings, clock: Clock, press: Press, caller: Caller) -> None:
        self._settings = settings
        self._clock = clock
        self._real = Clock()
        self._desks = Desks(caller, settings.answer_seconds)
        self._intake = Intake(settings, clock, self._desks)
        self._printing = Printing(press, self._desks)
        self._changes: list[tuple[str, Change]] = []
        self._in_flight: dict[asyncio.Task[Answer], _Outgoing] = {}
        self._hears_of: Database | None = None
        self._news = asyncio.Event()
        self._ending = False

    def stop(self) -> None:
        """Begin nothing new: what is claimed is given back, what is under way is brought to its end."""
        self._ending = True

    async def run(self, database: Database) -> int:
        """Send until nothing is due and nothing under way; returns how many deliveries moved on."""
        self._listen(database)
        self._intake.look_at_once()
        await asyncio.sleep(self._intake.pause())
        try:
            return await self._work(database)
        except Exception:
            await self._bring_to_an_end(database)
            raise
        finally:
            await self._drop()

    def _listen(self, database: Database) -> None:
        """What is planned while others are under way need not wait for them."""
        if self._hears_of is not database:
            self._hears_of = database
            database.listeners.append(self._take)

    def _take(self, outgoing: Sequence[object]) -> None:
        if Wake(SENDING) in outgoing:
            self._intake.look_at_once()
            self._news.set()

    async def _work(self, database: Database) -> int:
        moved = 0
        while True:
            elsewhere = await self._refill(database)
            self._printing.go_on()
            going = await self._next_wave()
            moved += elsewhere + len(self._changes)
            for one in await self._commit(database, going):
                self._begin(one)
            if self._in_flight or self._beside():
                await self._hear()
            elif not (self._changes or elsewhere or any(desk.waiting for desk in self._desks)):
                return moved

    def _beside(self) -> list[asyncio.Task[Any]]:
        """What goes on beside the sending: rendering, and the opening of connections."""
        opening = [desk.opening for desk in self._desks if desk.opening]
        return [*opening, *self._printing.tasks]

    async def _bring_to_an_end(self, database: Database) -> None:
        """Whatever has gone wrong here, what is under way is heard and settled."""
        while self._in_flight or self._changes:
            if self._in_flight:
                await self._hear()
            await self._commit(database, [])

    async def _drop(self) -> None:
        """Nothing goes on when nobody looks after it."""
        tasks = [*self._in_flight, *self._beside()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._in_flight.clear()
        self._printing.tasks.clear()
        for desk in self._desks:
            desk.opening, desk.under_way = None, 0

    async def close(self) -> None:
        """Close what is idle."""
        if self._hears_of:
            self._hears_of.listeners.remove(self._take)
        await self._desks.close()

    async def _refill(self, database: Database) -> int:
        """Have enough ready to leave; returns how many were found that may not."""
        if not self._ending:
            return await self._intake.refill(database)
        for desk in self._desks:
            self._put_off(desk, "given back by a process that has ended", 0)
        return 0

    async def _next_wave(self) -> list[_Outgoing]:
        """The next messages, as many as there are idle connections."""
        await self._open()
        going: list[_Outgoing] = []
        for desk in self._desks:
            if desk.opening and desk.opening.done():
                opening, desk.opening = desk.opening, None
                going += self._leaving(desk, opening)
        return going

    async def _open(self) -> None:
        fresh: list[asyncio.Task[int]] = []
        for desk in self._desks:
            if desk.printed and desk.free > 0 and desk.opening is None:
                wanted = min(desk.free, len(desk.printed))
                desk.opening = asyncio.create_task(desk.outlet.open(wanted))
                fresh.append(desk.opening)
        if fresh:
            await asyncio.wait(fresh, timeout=OPENING_SECONDS)

    def _leaving(self, desk: Desk, opening: asyncio.Task[int]) -> list[_Outgoing]:
        try:
            idle = opening.result()
        except Unreachable as unreachable:
            _log.warning("sending.unreachable", reason=str(unreachable))
            self._put_off(desk, str(unreachable), desk.outlet.rest)
            return []
        going: list[_Outgoing] = []
        while desk.printed and len(going) < idle:
            draft, printed = desk.printed.popleft()
            claimed = draft.claimed
            try:
                message = draft.message(printed, desk.letterhead, self._real.now())
            except Unwritable as unwritable:
                refused = refuse(claimed.delivery, str(unwritable))
                self._change(claimed, Change(claimed.delivery, refused, claimed.wanted))
            else:
                going.append(_Outgoing(claimed, message, desk, attempt(claimed.delivery, self._lease())))
        return going

    def _lease(self) -> datetime:
        return self._real.now() + timedelta(seconds=self._settings.attempt_seconds)

    def _put_off(self, desk: Desk, why: str, seconds: float) -> None:
        """None of what is claimed was attempted, and none is lost."""
        due_at = self._real.now() + timedelta(seconds=seconds)
        for draft in desk.take_all():
            claimed = draft.claimed
            after = postpone(claimed.delivery, why, due_at)
            self._change(claimed, Change(claimed.delivery, after, claimed.wanted))

    def _change(self, claimed: Claimed, change: Change) -> None:
        self._changes.append((claimed.lane, change))

    def _begin(self, one: _Outgoing) -> None:
        one.desk.under_way += 1
        self._in_flight[asyncio.create_task(one.desk.outlet.send(one.message))] = one

    async def _hear(self) -> None:
        """Wait for the next answer or other news, and take all that have come by then."""
        news = asyncio.create_task(self._news.wait())
        beside = self._beside()
        done, _ = await asyncio.wait(
            (*self._in_flight, *beside, news),
            timeout=LOOK_AGAIN_SECONDS if self._ending else max(self._intake.pause(), 0.001),
            return_when=asyncio.FIRST_COMPLETED,
        )
        news.cancel()
        self._news.clear()
        others = self._in_flight.keys() - done
        if self._in_flight.keys() & done and others and any(desk.printed for desk in self._desks):
            await asyncio.wait(others, timeout=GATHER_SECONDS)
        self._settle([task for task in self._in_flight if task.done()])

    def _settle(self, done: Sequence[asyncio.Task[Answer]]) -> None:
        for task in done:
            one = self._in_flight.pop(task)
            one.desk.under_way -= 1
            self._change(one.claimed, self._answered(one, task.result()))
        if done:
            failpoint("deliveries.after_answer")

    def _answered(self, one: _Outgoing, answer: Answer) -> Change:
        after = answered(one.under_way, answer, one.under_way.attempts, self._real.now())
        gone = None
        if answer.stage == "receiver" and answer.code == GONE and one.claimed.wanted.destination:
            gone = one.claimed.wanted.destination, one.claimed.destination_revision or 0
        kept = one.message if isinstance(one.message, Shelved) else None
        return Change(one.under_way, after, one.claimed.wanted, kept, gone)

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
