"""supervisord starts, restarts, changes and ends what we say, and leaves nothing behind."""

import sys
from functools import partial

import psutil
import pytest
from canvass_cli import programs, waiting
from canvass_cli.programs import Program
from canvass_cli.supervisor import Supervisor

STAY = [sys.executable, "-c", "import signal; signal.pause()"]


@pytest.fixture
def supervisor(places):
    return Supervisor(places)


def started(supervisor, *wanted):
    supervisor.ensure(wanted)
    supervisor.start(wanted)
    for program in wanted:
        waiting.until(partial(runs, supervisor, program), 10, f"{program.name} does not run")
    return [process(supervisor, program) for program in wanted]


def runs(supervisor, program):
    return supervisor.states().get(program.name) == "RUNNING"


def process(supervisor, program):
    return psutil.Process(pid(supervisor, program))


def pid(supervisor, program):
    return int(programs.pid_file(supervisor.places, program).read_text() or 0)


def test_what_it_started_is_gone_when_it_was_shut_down(supervisor):
    parent = Program("x", ["/bin/sh", "-c", f"{sys.executable} -c 'import signal; signal.pause()' & wait"], 1)
    (shell,) = started(supervisor, parent)
    waiting.until(lambda: bool(shell.children()), 10, "no child")
    family = [shell, *shell.children(), *shell.parents()[:1]]
    assert supervisor.shut_down()
    assert not any(one.is_running() for one in family)
    assert not supervisor.running()
    assert not supervisor.shut_down()


def test_what_died_is_started_again(supervisor):
    program = Program("x", STAY, 1)
    (first,) = started(supervisor, program)
    first.kill()
    psutil.wait_procs([first], 10)
    waiting.until(lambda: pid(supervisor, program) != first.pid, 10, "not started again")
    assert process(supervisor, program).is_running()


def test_a_changed_program_is_restarted_and_its_neighbour_left_alone(supervisor):
    same, before = Program("same", STAY, 1), Program("x", STAY, 1, {"A": "1"})
    kept, old = started(supervisor, same, before)
    again, new = started(supervisor, same, Program("x", STAY, 1, {"A": "2"}))
    assert again == kept
    assert new.environ()["A"] == "2"
    assert not old.is_running()


def test_what_a_killed_supervisord_left_behind_is_ended(supervisor):
    (orphan,) = started(supervisor, Program("x", STAY, 1))
    daemon = orphan.parent()
    daemon.kill()
    psutil.wait_procs([daemon], 10)
    assert orphan.is_running()
    supervisor.end_orphans()
    assert not orphan.is_running()


def test_a_stranger_with_a_recorded_id_is_left_alone(supervisor):
    program = Program("x", STAY, 1)
    stranger = psutil.Popen(STAY)
    try:
        programs.pid_file(supervisor.places, program).write_text(str(stranger.pid))
        supervisor.end_orphans()
        assert stranger.is_running()
    finally:
        stranger.kill()
        stranger.wait()


def test_what_is_killed_is_not_started_again(supervisor):
    family = started(supervisor, Program("a", STAY, 1), Program("z", STAY, 1))
    daemon = family[0].parent()
    supervisor.kill()
    assert not any(one.is_running() for one in [daemon, *family])
    supervisor.end_orphans()  # whatever it may have started meanwhile has left a record
    assert not supervisor.shut_down()
