"""Processes by recorded id: found again, known for ours, ended. Never by name."""

import contextlib
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil

_ENDS_WITHIN_SECONDS = 30.0


def recorded(file: Path, marks: Sequence[str]) -> psutil.Process | None:
    """The process whose id stands in `file`, if it still lives and bears one of `marks`.

    A recorded id may have been given to a stranger since. A mark is what we started it with: an argument
    of its command line, or a value in its environment.
    """
    try:
        process = psutil.Process(int(file.read_text().split()[0]))
        return process if _bears(process, marks) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def with_children(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """These and all that they have started."""
    found: dict[int, psutil.Process] = {}
    for process in processes:
        found[process.pid] = process
        try:
            found |= {child.pid: child for child in process.children(recursive=True)}
        except psutil.Error:
            continue
    return list(found.values())


def kill(processes: Sequence[psutil.Process]) -> None:
    """End these at once, whatever they are doing. Returns when all are gone."""
    for process in processes:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(list(processes), timeout=_ENDS_WITHIN_SECONDS)


def end(processes: Sequence[psutil.Process]) -> None:
    """Ask these to end; kill those that do not. Returns when all are gone."""
    for process in processes:
        _send(process, signal.SIGTERM)
    _, stubborn = psutil.wait_procs(list(processes), timeout=_ENDS_WITHIN_SECONDS)
    kill(stubborn)


def _bears(process: psutil.Process, marks: Sequence[str]) -> bool:
    borne = {*process.cmdline(), *process.environ().values()}
    return not borne.isdisjoint(marks)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
