"""The console as a process: the door between a browser and the five services."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import loopback
from .programs import Program

NAME = "console"
_RANK = 30
_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Console:
    """The console of a stack: `python -m canvass_console`."""

    port: int
    environment: Mapping[str, str]
    """Where the services are, and where visitors find tracking."""
    module: str = "canvass_console"

    @property
    def name(self) -> str:
        return NAME

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def program(self) -> Program:
        """The console for supervisord."""
        return Program(
            name=NAME,
            command=self.command,
            rank=_RANK,
            environment={**self.environment, "CONSOLE_PORT": str(self.port), "PYTHONUNBUFFERED": "1"},
            stop_seconds=_STOP_SECONDS,
        )

    @property
    def command(self) -> Sequence[str]:
        return (sys.executable, "-m", self.module)

    def ready(self) -> bool:
        """Whether it answers."""
        return loopback.status(self.port, "/healthz") == 200
