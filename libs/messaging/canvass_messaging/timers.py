"""Door 3, the clock: what is due, asked once a second for all timers together, or at once when woken."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from canvass_runtime.clock import Clock
from canvass_runtime.db import Database, Tx, is_transient
from canvass_runtime.logs import describe
from sqlalchemy import Select, select

from .connection import wait_for

PULSE_SECONDS = 1.0
DATABASE_GIVE_UP_AFTER_SECONDS = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that becomes due.

    `due(now)`  a query of one nullable float: in how many seconds there is work (≤ 0: now, NULL: none).
    `run(database, now)`  does some of what is due in transactions of its own and returns how many things
                it did; it is called again at once until that is 0.
    `stop()`    told when the process is to end, to a `run` that may last: it is to begin nothing new.
    """

    name: str
    due: Callable[[datetime], Select[Any]]
    run: Callable[[Database, datetime], Awaitable[int]]
    stop: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something else to ask at every pulse: a query of one value, and who wants the answer."""

    name: str
    ask: Callable[[], Select[Any]]
    answer: Callable[[Any], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Wake:
    """Put in `tx.outgoing`: when this has committed, the timer has something to do in this process."""

    timer: str


def wake(tx: Tx, timer: str) -> None:
    """Wake a timer of this process at once when the transaction has committed."""
    tx.outgoing.append(Wake(timer))


class DatabaseAway(Exception):
    """PostgreSQL could not be reached for 60 seconds: the process ends, so that its supervisor sees it."""


class Pulse:
    """The timers of one process. One query a second asks after all of them; nothing else polls."""

    def __init__(
        self, database: Database, clock: Clock, timers: Sequence[Timer], questions: Sequence[Question] = ()
    ) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers
        self._questions = questions
        self._due = {timer.name: asyncio.Event() for timer in timers}

    def take(self, outgoing: Sequence[object]) -> None:
        """A listener of the database: see `wake`."""
        for thing in outgoing:
            if isinstance(thing, Wake) and thing.timer in self._due:
                self._due[thing.timer].set()

    async def run(self, stop: asyncio.Event) -> None:
        """Ask and run until `stop`. Raises DatabaseAway after 60 s without an answer."""
        async with asyncio.TaskGroup() as tasks:
            for timer in self._timers:
                tasks.create_task(self._serve(timer, stop))
            await self._ask_until(stop, tasks)
            for timer in self._timers:
                if timer.stop:
                    timer.stop()
                self._due[timer.name].set()

    async def _ask_until(self, stop: asyncio.Event, tasks: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        last_answer, answered = loop.time(), False
        while not await wait_for(stop, PULSE_SECONDS):
            try:
                await self._ask(tasks)
            except Exception as error:
                if not (answered or is_transient(error)):  # asked wrongly, or of a schema not migrated
                    raise
                _log.warning("pulse.no_answer", error=describe(error))
                if loop.time() - last_answer > DATABASE_GIVE_UP_AFTER_SECONDS:
                    raise DatabaseAway from error
            else:
                last_answer, answered = loop.time(), True

    async def _ask(self, tasks: asyncio.TaskGroup) -> None:
        now = self._clock.now()
        queries = [timer.due(now) for timer in self._timers] + [
            question.ask() for question in self._questions
        ]
        async with self._database.transaction() as tx:
            answers = list((await tx.execute(select(*(query.scalar_subquery() for query in queries)))).one())
        for timer, seconds in zip(self._timers, answers, strict=False):
            if seconds is not None and seconds < PULSE_SECONDS:
                self._set_in(timer.name, seconds)
        for question, value in zip(self._questions, answers[len(self._timers) :], strict=True):
            tasks.create_task(question.answer(value))

    def _set_in(self, name: str, seconds: float) -> None:
        """Due before the next question: run at the very moment rather than up to a second late."""
        if seconds <= 0:
            self._due[name].set()
        else:
            asyncio.get_running_loop().call_later(seconds, self._due[name].set)

    async def _serve(self, timer: Timer, stop: asyncio.Event) -> None:
        due = self._due[timer.name]
        while True:
            await due.wait()
            due.clear()
            if stop.is_set():
                return
            await self._run(timer, stop)

    async def _run(self, timer: Timer, stop: asyncio.Event) -> None:
        try:
            while not stop.is_set() and await timer.run(self._database, self._clock.now()):
                pass
        except Exception as error:  # the next pulse finds what is still due, the others go on
            _log.error(
                "timer.failed", timer=timer.name, error=describe(error), exc_info=not is_transient(error)
            )
