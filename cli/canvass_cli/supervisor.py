"""supervisord as we use it: one a stack, reached by its unix socket, started and stopped by `canvass`."""

import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport

from . import processes, secret_files, waiting
from .places import Places
from .programs import Program, daemon_pid_file, render
from .services import NAMES
from .trouble import Trouble

_ANSWERS_WITHIN_SECONDS = 10.0
_STOPS_WITHIN_SECONDS = 120.0
_ALIVE = {"STARTING", "RUNNING", "STOPPING"}
_NOT_INHERITED = (
    "RABBITMQ_",
    "ERL_",
    "PG",
    "DATABASE_URL",
    "CANVASS_",
    "CONSOLE_",
    *(f"{name.upper()}_" for name in NAMES),
)
"""What the caller's shell says to other installations is not meant for ours. Each program is told its own."""


@dataclass(frozen=True, slots=True)
class Supervisor:
    """The supervisord of one stack, running or not."""

    places: Places

    def running(self) -> bool:
        """Whether it answers."""
        try:
            return bool(self._call("getState"))
        except (OSError, Fault):
            return False

    def ensure(self, programs: Sequence[Program]) -> None:
        """Have it running with exactly these programs. What runs and has not changed is left alone."""
        secret_files.write(self._conf, render(self.places, programs))
        if self.running():
            self._take_up_changes()
            return
        self.end_orphans()
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)
        }
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._conf)]
        if os.geteuid() == 0:
            command += ["-u", "root"]
        begun = subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if begun.returncode != 0:
            raise Trouble(f"supervisord did not start: {begun.stdout.strip()} {begun.stderr.strip()}")
        waiting.until(self.running, _ANSWERS_WITHIN_SECONDS, "supervisord does not answer")

    def states(self) -> dict[str, str]:
        """State of each program by its plain name: RUNNING, STOPPED, STARTING, BACKOFF, FATAL, ..."""
        if not self.running():
            return {}
        return {str(info["name"]): str(info["statename"]) for info in self._call("getAllProcessInfo")}

    def knows(self, programs: Sequence[Program]) -> bool:
        """Whether it was told of exactly these programs, settings and all."""
        return self._conf.exists() and self._conf.read_text() == render(self.places, programs)

    def runs(self, programs: Iterable[Program]) -> bool:
        """Whether all of these run, be they well or not."""
        states = self.states()
        return all(states.get(program.name) in {"RUNNING", "STARTING"} for program in programs)

    def start(self, programs: Iterable[Program]) -> None:
        """Start what does not run. Returns at once: who needs it ready asks it."""
        states = self.states()
        for program in programs:
            if states.get(program.name) not in {"RUNNING", "STARTING"}:
                self._call_unless("startProcess", Faults.ALREADY_STARTED, program.name, False)

    def stop(self, names: Collection[str]) -> None:
        """Stop these at once, each given its own time to end, and wait until they have."""
        for name in names:
            self._call_unless("stopProcess", Faults.NOT_RUNNING, name, False)
        waiting.until(
            lambda: not {self.states().get(name) for name in names} & _ALIVE,
            _STOPS_WITHIN_SECONDS,
            f"{', '.join(names)} did not end",
        )

    def shut_down(self) -> bool:
        """End every program and supervisord itself, and wait until all are gone. False: none was running."""
        found = self._found()
        if self.running():
            self._stop_last_rank()
            self._call_unless("shutdown", Faults.SHUTDOWN_STATE)
            psutil.wait_procs(self._daemon(), timeout=_STOPS_WITHIN_SECONDS)
        processes.kill(self._daemon())
        processes.end([process for process in found if process.is_running()])
        return bool(found)

    def kill(self) -> None:
        """End all at once. For those who delete the data next."""
        found = self._found()
        processes.kill(self._daemon())  # first: it would start again whatever dies before it
        processes.kill([*found, *self._found()])

    def end_orphans(self) -> None:
        """End what a supervisord that was killed has left behind. Does nothing while one is running."""
        if not self.running():
            processes.end(self._found())

    def _daemon(self) -> list[psutil.Process]:
        """supervisord itself, if it lives."""
        process = processes.recorded(daemon_pid_file(self.places), (str(self._conf),))
        return [process] if process else []

    def _found(self) -> list[psutil.Process]:
        """Every process of this stack that lives."""
        started_by_us = f"unix://{self.places.socket}"  # supervisord gives its address to all that it starts
        marks = (started_by_us, str(self._conf))
        found = [processes.recorded(file, marks) for file in self.places.pid_files]
        return processes.with_children(process for process in found if process)

    @property
    def _conf(self) -> Path:
        return self.places.run / "supervisord.conf"

    def _stop_last_rank(self) -> None:
        """Stop those that nobody needs together; supervisord by itself would stop one after the other."""
        rank_of = {str(info["name"]): int(info["process_prio"]) for info in self._call("getAllConfigInfo")}
        last = max(rank_of.values(), default=0)
        self.stop([name for name, rank in rank_of.items() if rank == last])

    def _take_up_changes(self) -> None:
        added, changed, removed = self._call("reloadConfig")[0]
        for group in [*changed, *removed]:
            self._call("stopProcessGroup", group)
            self._call("removeProcessGroup", group)
        for group in [*changed, *added]:
            self._call("addProcessGroup", group)

    def _call(self, method: str, *arguments: Any) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{self.places.socket}")
        with ServerProxy("http://supervisor", transport=transport) as server:
            return getattr(server.supervisor, method)(*arguments)

    def _call_unless(self, method: str, fault: int, *arguments: Any) -> None:
        try:
            self._call(method, *arguments)
        except Fault as refusal:
            if refusal.faultCode != fault:
                raise
