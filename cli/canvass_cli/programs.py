"""What supervisord keeps running, and the file that tells it so."""

import resource
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .places import Places

_MOST_FILES = 65536


@dataclass(frozen=True, slots=True)
class Program:
    """One process that stays. Programs start in the order of `rank`, and stop in the opposite one."""

    name: str
    command: Sequence[str]
    rank: int
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    user: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 30
    pid_directory: Path | None = None
    """Where `user` may record the process id, when it is not the stack's own user."""


def render(places: Places, programs: Iterable[Program]) -> str:
    """The whole supervisord.conf. Nothing starts by itself: what must be ready before what, `up` knows."""
    programs = sorted(programs, key=lambda program: (program.rank, program.name))
    sections = [_daemon(places), *(_program(places, program) for program in programs)]
    return "\n".join(sections)


def log_file(places: Places, name: str) -> Path:
    """Where a program's output goes."""
    return places.log / f"{name}.log"


def pid_file(places: Places, program: Program) -> Path:
    """Where a program's process id is recorded, so that it is found even when supervisord was killed."""
    return (program.pid_directory or places.pids) / f"{program.name}.pid"


def daemon_pid_file(places: Places) -> Path:
    """Where supervisord records its own process id."""
    return places.pids / "supervisord.pid"


def _daemon(places: Places) -> str:
    _, most_allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _MOST_FILES if most_allowed == resource.RLIM_INFINITY else min(_MOST_FILES, most_allowed)
    return f"""\
[unix_http_server]
file={_escaped(places.socket)}
chmod=0700

[supervisord]
pidfile={_escaped(daemon_pid_file(places))}
logfile={_escaped(log_file(places, "supervisord"))}
logfile_maxbytes=5MB
logfile_backups=1
childlogdir={_escaped(places.log)}
minfds={files}

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""


def _program(places: Places, program: Program) -> str:
    recording = ["/bin/sh", "-c", 'echo $$ >"$0"; exec "$@"', str(pid_file(places, program))]
    environment = ",".join(f"{name}={_quoted(value)}" for name, value in sorted(program.environment.items()))
    settings = {
        "command": _escaped(shlex.join([*recording, *program.command])),
        "environment": environment,
        "user": program.user,
        "directory": "/",
        "priority": program.rank,
        "autostart": "false",
        "autorestart": "true",
        "startretries": 30,
        "stopsignal": program.stop_signal,
        "stopwaitsecs": program.stop_seconds,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _escaped(log_file(places, program.name)),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": 3,
    }
    lines = [f"{name}={value}" for name, value in settings.items() if value]
    return "\n".join([f"[program:{program.name}]", *lines, ""])


def _escaped(value: object) -> str:
    """supervisord expands %(...)s in every value, and takes what follows a blank and ; or # for a comment."""
    text = str(value)
    if " ;" in text or " #" in text or "\n" in text:
        raise ValueError(f"a path or setting may not hold ' ;', ' #' or a line break: {text}")
    return text.replace("%", "%%")


def _quoted(value: str) -> str:
    if '"' in value:
        raise ValueError("the environment of a supervised program may not hold a double quote")
    return f'"{_escaped(value)}"'
