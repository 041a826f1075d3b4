"""Group commit: what arrives while one transaction runs is committed together in the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import structlog
from canvass_runtime.clock import monotonic
from canvass_runtime.db import is_transient

from canvass_tracking.domain.arrivals import Arrival
from canvass_tracking.ingest.limits import Refused, overloaded, unavailable

EVENTS_AT_ONCE = 2000
FEW_EVENTS = 64
MAX_WAITING_EVENTS = 20_000
MAX_WAITING_BYTES = 64 * 1024 * 1024
GIVE_UP_SECONDS = 5.0
"""How long a request waits for a database that is away, or for its turn, before it is told to come again."""
ATTEMPT_SECONDS = 10.0
PACE_SECONDS = 0.005
"""Between the starts of two commits, once requests come faster than they are committed: a commit of fifty
events costs little more than one of a single event."""
PAUSES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5)

Commit = Callable[[Sequence[Arrival], Sequence[str]], Awaitable[object]]
_log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class _Waiting:
    """One request's events, and who waits for them."""

    arrivals: list[Arrival]
    size: int
    traceparent: str | None
    since: float
    kept: "asyncio.Future[None]"


class GroupCommit:
    """Commits what comes in as few transactions as it can.

    `commit(events, traceparents)` does one, all of it or nothing. It must do no harm when it is done again
    with the same events: an answer may be lost on the way.
    """

    def __init__(self, commit: Commit, *, at_once: int = 2) -> None:
        """`at_once` commits run side by side, if they are small: most of their time is the database's."""
        self._commit = commit
        self._at_once = at_once
        self._waiting: deque[_Waiting] = deque()
        self._events = 0
        self._bytes = 0
        self._starting: asyncio.Task[None] | None = None
        self._committing: dict[asyncio.Task[None], int] = {}
        self._ended = asyncio.Event()
        self._begun, self._crowd = 0.0, 0

    def refuse_if_full(self) -> None:
        """Raises Refused (429) when nothing more can be taken just now."""
        full = self._events >= MAX_WAITING_EVENTS or self._bytes >= MAX_WAITING_BYTES
        if full or (self._waiting and monotonic() - self._waiting[0].since > GIVE_UP_SECONDS):
            raise overloaded()

    async def keep(self, arrivals: list[Arrival], size: int, traceparent: str | None = None) -> None:
        """Returns once the events are committed. `size` is that of the body which they came in.

        Raises Refused: 429 when too many wait already, 503 when the database stays away, 500 when these
        events (and no others) cannot be kept.
        """
        self.refuse_if_full()
        kept = asyncio.get_running_loop().create_future()
        waiting = _Waiting(arrivals, size, traceparent, monotonic(), kept)
        self._waiting.append(waiting)
        self._count(waiting, 1)
        if self._starting is None or self._starting.done():
            self._starting = asyncio.create_task(self._start_all())
        await waiting.kept

    def _count(self, waiting: _Waiting, sign: int) -> None:
        self._events += sign * len(waiting.arrivals)
        self._bytes += sign * waiting.size

    async def _start_all(self) -> None:
        while self._waiting:
            while not self._may_begin():
                self._ended.clear()
                await self._ended.wait()
            await self._keep_pace()
            group = self._next_group()
            committing = asyncio.create_task(self._commit_group(group))
            self._committing[committing] = sum(len(waiting.arrivals) for waiting in group)
            committing.add_done_callback(self._end)

    def _may_begin(self) -> bool:
        """A large commit keeps us busy by itself; beside a small one there is time for another."""
        under_way = len(self._committing)
        return under_way == 0 or (under_way < self._at_once and sum(self._committing.values()) <= FEW_EVENTS)

    def _end(self, committing: "asyncio.Task[None]") -> None:
        del self._committing[committing]
        self._ended.set()

    async def _commit_group(self, group: list[_Waiting]) -> None:
        try:
            await self._commit_until_late(group)
        except Exception as error:  # not the moment's fault: it is one of them, or us
            await self._commit_singly(group, error)
        finally:
            for waiting in group:
                self._count(waiting, -1)
                if not waiting.kept.done():
                    waiting.kept.cancel()  # only when we are cancelled ourselves

    async def _keep_pace(self) -> None:
        """Who comes alone begins at once; a crowd is given time to gather."""
        early = self._begun + PACE_SECONDS - monotonic()
        if early > 0 and max(self._crowd, len(self._waiting)) > 1:
            await asyncio.sleep(early)
        self._begun, self._crowd = monotonic(), len(self._waiting)

    def _next_group(self) -> list[_Waiting]:
        group = [self._waiting.popleft()]
        events = len(group[0].arrivals)
        while self._waiting and events + len(self._waiting[0].arrivals) <= EVENTS_AT_ONCE:
            group.append(self._waiting.popleft())
            events += len(group[-1].arrivals)
        return group

    async def _commit_until_late(self, group: list[_Waiting]) -> None:
        """Commit, again and again if it fails for the moment; each is told to come again when it is late."""
        attempt = 0
        while alive := [waiting for waiting in group if not waiting.kept.done()]:
            try:
                await self._attempt(alive)
            except Exception as error:
                if not is_transient(error):
                    raise
                _log.warning("ingest.commit_failed", attempt=attempt, exc_info=error)
            else:
                return
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            attempt += 1
            _tell_late(alive)
            _tell_late(self._waiting)

    async def _attempt(self, group: Sequence[_Waiting]) -> None:
        async with asyncio.timeout(ATTEMPT_SECONDS):
            await self._commit(
                [arrival for waiting in group for arrival in waiting.arrivals],
                [waiting.traceparent for waiting in group if waiting.traceparent],
            )
        for waiting in group:
            if not waiting.kept.done():  # who went away meanwhile waits for no answer
                waiting.kept.set_result(None)

    async def _commit_singly(self, group: list[_Waiting], error: Exception) -> None:
        """Find out whose fault it is: one request that cannot be kept spoils no other."""
        alive = [waiting for waiting in group if not waiting.kept.done()]
        for waiting in alive:
            try:
                if len(alive) == 1:
                    raise error
                await self._commit_until_late([waiting])
            except Exception as its_own:
                _log.error("ingest.not_kept", events=len(waiting.arrivals), exc_info=its_own)
                _tell(waiting, Refused(500, "internal_error", "These events cannot be kept."))


def _tell_late(all_waiting: Iterable[_Waiting]) -> None:
    for waiting in all_waiting:
        if monotonic() - waiting.since > GIVE_UP_SECONDS:
            _tell(waiting, unavailable())


def _tell(waiting: _Waiting, refusal: Refused) -> None:
    if not waiting.kept.done():
        waiting.kept.set_exception(refusal)
