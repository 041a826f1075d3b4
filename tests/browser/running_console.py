"""The console before the services of a test: its door as a process, told where they are."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from canvass_cli import loopback

from tests.installation import READY_SECONDS, SERVICES, Installation, free_port


@contextmanager
def running_console(installation: Installation, log: Path) -> Iterator[str]:
    """Serve what was built last; gives its address."""
    port = free_port()
    addresses = {f"{name.upper()}_URL": installation.url(name) for name in SERVICES}
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "canvass_console"],
            env={**os.environ, **addresses, "CONSOLE_PORT": str(port), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def told(installation: Installation, console_url: str) -> dict[str, str]:
    """What the browser's tests are told: where everything is, and by what right they prepare it."""
    addresses = {f"{name.upper()}_URL": installation.url(name) for name in SERVICES}
    return {
        **addresses,
        "CONSOLE_URL": console_url,
        "CANVASS_TOKEN": installation.token,
        "CANVASS_WRITE_KEY": installation.write_key,
    }


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while loopback.status(port, "/healthz") != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"the console is not ready:\n{log.read_text()}")
        time.sleep(0.1)
