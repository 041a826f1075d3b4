"""The clock's door: woken at once by work, exact for what is due soon, and quiet when nothing is."""
# ruff: noqa: PT012 - a transaction that fails is a block

import asyncio
from datetime import timedelta

import pytest
from canvass_messaging import timers
from canvass_messaging.timers import DatabaseAway, Pulse, Question, Timer, wake
from canvass_runtime.clock import Clock, TurnedClock
from canvass_runtime.db import Database
from sqlalchemy import Float, bindparam, event, literal_column, select


class Alarm:
    """A timer whose work is a list, due in so many seconds from when it is asked, or never."""

    def __init__(self, name="alarm", due: float | None = None):
        self.due = due
        self.todo = 0
        self.runs: list[float] = []
        self.ran = asyncio.Event()
        self.timer = Timer(name, self._due, self._run)

    def _due(self, _):
        never = literal_column("NULL::float")
        return select(never if self.due is None else bindparam(None, self.due, Float()))

    async def _run(self, _, now):
        self.runs.append(asyncio.get_running_loop().time())
        self.now = now
        self.ran.set()
        self.todo -= 1
        return max(0, self.todo)


@pytest.fixture
async def pulse(database):
    """Runs the timers of a process for as long as the test lasts."""
    stop = asyncio.Event()
    running = []

    def run(*alarms, questions=(), clock=None):
        pulse = Pulse(database, clock or Clock(), [alarm.timer for alarm in alarms], questions)
        database.listeners.append(pulse.take)
        running.append(asyncio.create_task(pulse.run(stop)))

    yield run
    stop.set()
    async with asyncio.timeout(5):
        await asyncio.gather(*running)


@pytest.fixture
def statements(database):
    """What is sent to the database, but for BEGIN and COMMIT, which go past SQLAlchemy."""
    sent = []
    event.listen(database._engine.sync_engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    return sent


async def soon(signal: asyncio.Event, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await signal.wait()
    signal.clear()


async def test_a_timer_is_woken_at_once_by_a_commit_and_by_nothing_else(database, pulse):
    alarm, other = Alarm(), Alarm("other")
    pulse(alarm, other)
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as tx:
            wake(tx, "alarm")
            raise ZeroDivisionError
    async with database.transaction() as tx:
        wake(tx, "nobody's")
    assert not alarm.runs
    async with database.transaction() as tx:
        wake(tx, "alarm")
    await soon(alarm.ran, 0.2)
    assert not other.runs


async def test_it_runs_until_nothing_is_left_to_do(database, pulse):
    alarm = Alarm()
    alarm.todo = 5
    pulse(alarm)
    async with database.transaction() as tx:
        wake(tx, "alarm")
    async with asyncio.timeout(1):
        while len(alarm.runs) < 5:
            await soon(alarm.ran, 1)


async def test_what_is_due_soon_runs_at_its_very_moment(database, pulse):
    asked = asyncio.Event()
    alarm = Alarm(due=0.4)
    at = []

    async def note(_):
        at.append(asyncio.get_running_loop().time())
        alarm.due = None
        asked.set()

    pulse(alarm, questions=[Question("when", lambda: select(literal_column("1")), note)])
    await soon(asked, 3)
    await soon(alarm.ran, 3)
    assert 0.35 < alarm.runs[0] - at[0] < 0.5


async def test_what_is_due_later_is_left_alone(database, pulse):
    alarm, asked = Alarm(due=1.5), asyncio.Event()

    async def note(_):
        asked.set()

    pulse(alarm, questions=[Question("asked", lambda: select(literal_column("1")), note)])
    await soon(asked, 3)
    await soon(asked, 3)
    assert not alarm.runs


async def test_an_idle_process_asks_once_a_second_for_all_its_timers_together(pulse, statements):
    asked = asyncio.Event()

    async def note(_):
        asked.set()

    pulse(
        *(Alarm(str(number)) for number in range(8)),
        questions=[Question("asked", lambda: select(literal_column("1")), note)],
    )
    await soon(asked, 3)
    statements.clear()
    began = asyncio.get_running_loop().time()
    for _ in range(2):
        await soon(asked, 3)
    assert asyncio.get_running_loop().time() - began > 1.8
    assert len(statements) == 2


async def test_timers_are_told_the_domains_present(database, pulse):
    clock = TurnedClock()
    clock.turn(timedelta(days=3))
    alarm = Alarm(due=0.0)
    pulse(alarm, clock=clock)
    await soon(alarm.ran, 3)
    assert alarm.now - Clock().now() > timedelta(days=2)


async def test_a_timer_that_fails_is_run_again_and_holds_up_no_other(database, pulse):
    async def fail(*_):
        failing.runs.append(0)
        raise ValueError("this time as well")

    failing, alarm = Alarm("failing", due=0.0), Alarm(due=0.0)
    failing.timer = Timer("failing", failing._due, fail)
    pulse(failing, alarm)
    await soon(alarm.ran, 3)
    await soon(alarm.ran, 3)
    assert len(failing.runs) >= 2


async def test_a_question_asked_wrongly_is_told_at_once(database):
    alarm = Alarm()
    alarm.timer = Timer("wrong", lambda _: select(literal_column("nonsense")), alarm._run)
    with pytest.raises(ExceptionGroup, match="unhandled"):
        await Pulse(database, Clock(), [alarm.timer]).run(asyncio.Event())


async def test_the_process_is_told_when_the_database_stays_away(monkeypatch):
    monkeypatch.setattr(timers, "DATABASE_GIVE_UP_AFTER_SECONDS", 0.0)
    away = Database("postgresql://nobody@127.0.0.1:1/none", application_name="t", acquire_seconds=1)
    with pytest.raises(ExceptionGroup) as raised:
        await Pulse(away, Clock(), [Alarm().timer]).run(asyncio.Event())
    assert raised.group_contains(DatabaseAway)
    await away.dispose()


async def test_a_timer_that_lasts_is_told_to_begin_nothing_new(database):
    alarm, told, stop = Alarm(), [], asyncio.Event()
    alarm.timer = Timer("lasting", alarm._due, alarm._run, stop=lambda: told.append(stop.is_set()))
    stop.set()
    await Pulse(database, Clock(), [alarm.timer]).run(stop)
    assert told == [True]
    assert not alarm.runs
