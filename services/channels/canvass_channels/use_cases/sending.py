"""One process sends what is due: claims, waves of attempts, answers.

No transaction is open while bytes leave. Each commit settles what was answered since the last one and
announces the attempts that begin with it, no more than there are open connections: so a crash leaves no
more than those in doubt, and a busy server costs less than one transaction a message.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from canvass_messaging.failpoints import failpoint
from canvass_runtime.clock import Clock, monotonic
from canvass_runtime.db import Database, is_transient

from canvass_channels.domain.delivery import answered, attempt, outcome, postpone, refuse
from canvass_channels.domain.model import Answer, Delivery
from canvass_channels.senders.message import Envelope
from canvass_channels.senders.smtp import Unreachable
from canvass_channels.settings import Settings
from canvass_channels.store import definitions
from canvass_channels.store.definitions import Sender

from . import ledger
from .claiming import Claimed, Claiming, claim
from .ledger import Change
from .writing import Draft, Outlet, Templates, Unwritable

LANES = ("live", "bulk")
DEFAULT_SENDER = "default"
LOOK_AGAIN_SECONDS = 0.25
"""While answers are awaited: how soon after a look that found nothing the next may be."""
GATHER_SECONDS = 0.005
"""While more waits to leave: how long after an answer others may come to share its commit."""
KEEP_TRYING_SECONDS = 60.0
SMALLEST_CLAIM, LARGEST_CLAIM = 50, 1_000

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
        self._templates = Templates()
        self._outlet: Outlet | None = None
        self._ready: deque[Draft] = deque()
        self._changes: list[tuple[str, Change]] = []
        self._in_flight: dict[asyncio.Task[Answer], _Outgoing] = {}
        self._claim_limit = SMALLEST_CLAIM
        self._claimed_at = self._look_at = 0.0
        self._ending = False

    def stop(self) -> None:
        """Begin nothing new: what is claimed is given back, what is under way is brought to its end."""
        self._ending = True

    async def run(self, database: Database) -> int:
        """Send until nothing is due and nothing under way; returns how many deliveries moved on."""
        self._look_at = 0.0
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
            elif not (self._ready or self._changes or elsewhere):
                return moved

    async def _bring_to_an_end(self, database: Database) -> None:
        """Whatever has gone wrong here, what is under way is heard and settled."""
        while self._in_flight or self._changes:
            if self._in_flight:
                await self._hear()
            await self._commit(database, [])

    async def close(self) -> None:
        """Close what is idle."""
        if self._outlet:
            await self._outlet.connections.close()

    # --- claims

    async def _refill(self, database: Database) -> int:
        """Claim more when there is less than could leave at once; returns how many may not leave."""
        if self._ending:
            self._put_off("given back by a process that has ended", 0)
        if self._ending or self._rests() or len(self._ready) >= self._free() or monotonic() < self._look_at:
            return 0
        self._pace_claims()
        before = len(self._ready)
        elsewhere = await self._claim(database)
        if not elsewhere and len(self._ready) == before:
            self._look_at = monotonic() + LOOK_AGAIN_SECONDS
        return elsewhere

    def _free(self) -> int:
        most = self._outlet.connections.most if self._outlet else 1
        return most - len(self._in_flight)

    def _rests(self) -> bool:
        return self._outlet is not None and self._outlet.connections.rest > 0

    def _pace_claims(self) -> None:
        """No more at once than a few seconds take: what is claimed waits here, where no other can send it."""
        since, self._claimed_at = monotonic() - self._claimed_at, monotonic()
        if since < 0.5:
            self._claim_limit = min(2 * self._claim_limit, LARGEST_CLAIM)
        elif since > 5:
            self._claim_limit = max(self._claim_limit // 2, SMALLEST_CLAIM)

    async def _claim(self, database: Database) -> int:
        """Claim what is due, live before bulk; returns how many came to something else than being claimed."""
        elsewhere = 0
        for lane in LANES:
            async with database.transaction(lane) as tx:
                sender = await definitions.read(tx, Sender, DEFAULT_SENDER)
                claimed, others = await claim(tx, self._terms(sender))
                drafts = await self._templates.drafts(tx, claimed)
            failpoint("deliveries.after_claim")
            await self._use(sender)
            self._ready.extend(drafts)
            elsewhere += others
            if len(self._ready) >= self._claim_limit:
                break
        return elsewhere

    def _terms(self, sender: Sender | None) -> Claiming:
        lease = timedelta(seconds=self._settings.claim_seconds)
        return Claiming(self._claim_limit, lease, sender is not None, self._real.now(), self._clock.now())

    async def _use(self, sender: Sender | None) -> None:
        if self._outlet and self._outlet.sender != sender:
            await self._outlet.connections.close()
            self._outlet = None
        if sender and not self._outlet:
            self._outlet = Outlet.of(sender, self._settings.answer_seconds)

    # --- waves

    async def _write_next(self) -> list[_Outgoing]:
        """The next messages, as many as there are idle connections."""
        if self._outlet is None or not self._ready:
            return []
        try:
            idle = await self._outlet.connections.open(min(self._free(), len(self._ready)))
        except Unreachable as unreachable:
            _log.warning("sending.unreachable", reason=str(unreachable))
            self._put_off(str(unreachable), self._outlet.connections.rest)
            return []
        going: list[_Outgoing] = []
        while self._ready and len(going) < idle:
            draft = self._ready.popleft()
            claimed = draft.claimed
            try:
                envelope = draft.write(self._outlet.letterhead, self._real.now())
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
        for draft in self._ready:
            claimed = draft.claimed
            self._change(claimed, claimed.delivery, postpone(claimed.delivery, why, due_at))
        self._ready.clear()

    def _change(self, claimed: Claimed, before: Delivery, after: Delivery) -> None:
        self._changes.append((claimed.lane, Change(before, after, claimed.wanted)))

    def _begin(self, one: _Outgoing) -> None:
        assert self._outlet  # noqa: S101 - written for it
        self._in_flight[asyncio.create_task(self._outlet.connections.send(one.envelope))] = one

    async def _hear(self) -> None:
        """Wait for the next answer, and take all that have come by then."""
        done, others = await asyncio.wait(
            self._in_flight, timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if done and others and self._ready:
            more, _ = await asyncio.wait(others, timeout=GATHER_SECONDS)
            done |= more
        for task in done:
            one = self._in_flight.pop(task)
            after = answered(one.under_way, task.result(), one.under_way.attempts, self._real.now())
            self._change(one.claimed, one.under_way, after)
        if done:
            failpoint("deliveries.after_answer")

    # --- commits

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
            moved |= await self._keep(database, lane, changes)
        if settled:
            failpoint("deliveries.after_settle")
        if going:
            failpoint("deliveries.attempting")
        return [one for one in going if one.under_way.effect_id in moved]

    async def _keep(self, database: Database, lane: str, changes: Sequence[Change]) -> set[UUID]:
        """What was answered must not be forgotten: a fault of the moment is waited out."""
        give_up_at, pause = monotonic() + KEEP_TRYING_SECONDS, 0.05
        while True:
            try:
                async with database.transaction(lane) as tx:
                    moved = await ledger.move(tx, changes, self._clock.now())
                    if any(outcome(change.after) for change in changes):
                        failpoint("deliveries.before_settle")
            except Exception as error:
                if not is_transient(error) or monotonic() > give_up_at:
                    raise
                _log.warning("sending.again", error=repr(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, 2.0)
            else:
                return moved
