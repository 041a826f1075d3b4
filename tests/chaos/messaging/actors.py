"""The processes of the services, started, killed, and started again as their supervisor would."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from canvass_cli.places import CHECKOUT

FIRES_WITHIN_SECONDS = 30.0
ENDS_WITHIN_SECONDS = 40.0

_PLAYERS = "tests.chaos.messaging.players"


def _fork_server() -> ForkServerContext:
    """Has imported once what takes a second and a half to import: actors are forked from it at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_PLAYERS, "pytest"])
    return context


_CONTEXT = _fork_server()


class Actor:
    """One process of a played service: `Actor("segments", ["worker", "--lane", "live"], ...)`."""

    def __init__(self, service: str, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.service = service
        self._arguments = arguments
        self._environment = {"CANVASS_PORT": "0", "CANVASS_LOG_LEVEL": "warning", **environment}
        self.log = log
        self._process: ForkServerProcess | None = None

    def start(self, failpoints: str = "") -> None:
        """Start it; with failpoints it is to die at one of them."""
        environment = {**self._environment, "CANVASS_FAILPOINTS": failpoints}
        arguments = (self.service, self._arguments, environment, self.log)
        self._process = _CONTEXT.Process(target=_be, args=arguments)
        self._process.start()

    def start_unless_running(self) -> None:
        """Start it if it has not been, or has ended."""
        if not self.is_running:
            self.start()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.exitcode is None

    @property
    def pid(self) -> int:
        assert self._process
        assert self._process.pid
        return self._process.pid

    async def ended(self, seconds: float = ENDS_WITHIN_SECONDS) -> int:
        """Its exit code, once it has ended: negative if a signal ended it."""
        assert self._process
        await asyncio.to_thread(self._process.join, seconds)
        code = self._process.exitcode
        assert code is not None, f"it has not ended after {seconds:.0f} s; {self._told()}"
        return code

    async def fell(self) -> None:
        """Wait until its failpoint has killed it. Raises AssertionError when that never fired."""
        code = await self.ended(FIRES_WITHIN_SECONDS)
        assert code == -signal.SIGKILL, f"it ended with {code} and not at its failpoint; {self._told()}"

    async def stop(self) -> None:
        """Ask it to end, and wait until it has, in good order; or at once, if it had not begun yet."""
        if self._process is None or not self.is_running:
            return
        self._process.terminate()
        code = await self.ended()
        assert code in {0, -signal.SIGTERM}, f"asked to stop, it ended with {code}; {self._told()}"

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.join()

    def _told(self) -> str:
        return "its log ends:\n" + self.log.read_text(errors="replace")[-3000:]


def _be(service: str, arguments: list[str], environment: dict[str, str], log: Path) -> None:
    """Become the process of a service. The environment is the one told, and nobody else's."""
    for name in [name for name in os.environ if name.startswith("CANVASS_")]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(CHECKOUT)
    with log.open("ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    from tests.chaos.messaging import players  # noqa: PLC0415 - the fork server has it already

    players.play(service, arguments)
