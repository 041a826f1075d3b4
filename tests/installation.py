"""The five services as processes of a test, on a database and a vhost of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx2
from canvass_cli import loopback, services
from canvass_cli.demo.addresses import Addresses
from canvass_runtime.scopes import SCOPES
from canvass_runtime.tokens import create_keys, issue

SERVICES = ("tracking", "segments", "points", "campaigns", "channels")
READY_SECONDS = 120.0
"""Other tests may keep all cores busy."""


class Installation:
    """Start, kill and stop services as a test likes; leaves no process when it is closed."""

    def __init__(self, database_url: str, rabbitmq_url: str, home: Path) -> None:
        self._home = home
        self._keys = home / "keys"
        self._ports = {name: free_port() for name in SERVICES}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        key = create_keys(self._keys)
        self._environment = {
            "CAMPAIGNS_SIGNING_KEY": str(key),
            "CANVASS_DATABASE_URL": database_url,
            "CANVASS_RABBITMQ_URL": rabbitmq_url,
            "CANVASS_KEYS_DIR": str(self._keys),
            "CANVASS_LINK_SECRET": "a secret of these tests",
            "CANVASS_CLOCK_CAN_TURN": "true",
            "CHANNELS_ALLOW_PRIVATE_ADDRESSES": "127.0.0.0/8",
            "PYTHONUNBUFFERED": "1",
            **services.public_urls(self._ports),
        }
        self.rabbitmq_url = rabbitmq_url
        self.token = issue(key, SCOPES, timedelta(hours=1), "tests")
        self.write_key = ""

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _begin(self) -> None:
        migrating = [self._run(name, "migrate", {}) for name in SERVICES]
        assert [one.wait(READY_SECONDS) for one in migrating] == [0] * len(SERVICES), self.log()
        self.start(*SERVICES)
        with self.http() as http:
            answer = http.put(f"{self.url('tracking')}/sources/tests", json={"name": "Tests"})
        self.write_key = answer.raise_for_status().json()["write_key"]

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait(40)

    def start(self, *names: str, environment: Mapping[str, str] | None = None) -> None:
        """Start services, with more in their environment than usual, and wait until they are ready."""
        for name in names:
            self._running[name] = self._run(name, "serve", environment or {})
        for name in names:
            self._wait_until_ready(name)

    def is_running(self, name: str) -> bool:
        return self._running[name].poll() is None

    def stop(self, name: str) -> int:
        """SIGTERM, and the exit code."""
        self._running[name].terminate()
        return self._running[name].wait(40)

    def kill(self, name: str) -> None:
        """SIGKILL."""
        self._running[name].kill()
        self._running[name].wait(10)

    def wait_until_dead(self, name: str, seconds: float = 30.0) -> int:
        """The exit code of a process that is expected to end by itself."""
        return self._running[name].wait(seconds)

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._ports[name]}"

    def http(self) -> httpx2.Client:
        """A client with a key to everything."""
        return httpx2.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=10)

    def addresses(self) -> Addresses:
        """Where everything is, for the demo's parts."""
        urls = {name: self.url(name) for name in SERVICES}
        return Addresses(**urls, token=self.token, write_key=self.write_key, rabbitmq=self.rabbitmq_url)

    def log(self) -> str:
        """The last lines of every service's log."""
        logs = sorted(self._home.glob("*.log"))
        return "\n".join(f"== {log.name}\n" + "\n".join(log.read_text().splitlines()[-15:]) for log in logs)

    def _run(self, name: str, what: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        own = {f"{name.upper()}_PORT": str(self._ports[name])}
        with (self._home / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"canvass_{name}", what],
                env={**os.environ, **self._environment, **own, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _wait_until_ready(self, name: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._running[name].poll() is not None:
                raise AssertionError(f"{name} ended:\n{self.log()}")
            if loopback.status(self._ports[name], "/readyz") == 200:
                return
            time.sleep(0.1)
        raise AssertionError(f"{name} is not ready:\n{self.log()}")


KILLED = -signal.SIGKILL


def free_port() -> int:
    """A port of loopback that nobody has at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
