"""The servers that tests run against: forgetful ones of their own, in .run/test."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence

from . import environment, exclusive, servers
from .places import CHECKOUT, Places
from .supervisor import Supervisor

_PLACES = Places.of_tests()
_LOCK = _PLACES.run / "lock"
_IN_USE = _PLACES.run / "in-use"
_KEPT = _PLACES.run / "kept"
_ENDING = (signal.SIGTERM, signal.SIGHUP)
ENVIRONMENT = _PLACES.run / "test.env"


def start(*, keep: bool) -> dict[str, str]:
    """Start the servers if they do not run; gives what tests want in their environment.

    With `keep` they stay until `stop`, whoever tests meanwhile.
    """
    with exclusive.alone(_LOCK):
        _PLACES.make()
        supervisor = Supervisor(_PLACES)
        planned, _ = servers.plan(_PLACES, supervisor, own_postgres=True, own_rabbitmq=True, durable=False)
        if not supervisor.runs(
            planned.programs
        ):  # else: somebody is testing, and nothing is changed under them
            supervisor.ensure(planned.programs)
        planned.start(supervisor)
        planned.wait_for_postgres(supervisor)
        planned.wait_for_rabbitmq(supervisor)
        told = _environment(planned)
        environment.write(ENVIRONMENT, told, exported=True)
        if keep:
            _KEPT.touch()
        return told


def stop() -> bool:
    """Stop the servers. False: they were not running."""
    with exclusive.alone(_LOCK):
        _KEPT.unlink(missing_ok=True)
        return Supervisor(_PLACES).shut_down()


def run_pytest(arguments: Sequence[str]) -> int:
    """Run pytest against the servers, which run for as long as somebody tests. Gives pytest's exit code."""
    for number in _ENDING:
        signal.signal(number, _leave)
    with _running() as told:
        command = [sys.executable, "-m", "pytest", *arguments]
        pytest = subprocess.Popen(command, cwd=CHECKOUT, env=os.environ | told)
        try:
            return _outlived(pytest)
        finally:
            pytest.terminate()
            pytest.wait()


def _outlived(pytest: subprocess.Popen[bytes]) -> int:
    while True:
        with contextlib.suppress(KeyboardInterrupt):  # pytest was interrupted as well, and ends by itself
            return pytest.wait()


@contextlib.contextmanager
def _running() -> Iterator[dict[str, str]]:
    try:
        with exclusive.beside_others(_IN_USE):
            yield start(keep=False)
    finally:
        for number in (signal.SIGINT, *_ENDING):
            signal.signal(number, signal.SIG_IGN)  # who is impatient would leave servers behind
        with exclusive.alone(_LOCK):
            if not _KEPT.exists() and exclusive.nobody_inside(_IN_USE):
                Supervisor(_PLACES).shut_down()


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _environment(planned: servers.Servers) -> dict[str, str]:
    if not (planned.postgres and planned.rabbitmq):
        raise LookupError("tests run against servers of their own")
    return {
        "CANVASS_TEST_DATABASE_URL": f"{planned.postgres.url}/postgres",
        "CANVASS_TEST_RABBITMQ_URL": planned.rabbitmq.url,
        "CANVASS_TEST_RABBITMQ_MANAGEMENT_URL": planned.rabbitmq.management_url,
    }
