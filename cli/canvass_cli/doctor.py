"""`canvass doctor`: what is here, what is missing, and how to get it."""

import asyncio
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from . import accounts, building, database, given, install, postgres_binaries, rabbitmq
from .places import CHECKOUT, Places
from .supervisor import Supervisor
from .trouble import Trouble

_LEAST_DISK_MB = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `advice` is empty when it is as it should be."""

    what: str
    found: str
    advice: str = ""


def examine(places: Places) -> list[Finding]:
    """All that a stack needs, looked at; nothing is changed or started."""
    urls = given.urls(places)
    return [
        _python(),
        _uv(),
        _postgres(urls),
        _account(),
        _rabbitmq(urls),
        _node(),
        _disk(),
        _running(places),
    ]


def show(findings: list[Finding]) -> str:
    """A line for each, and under what is missing how to get it."""
    lines: list[str] = []
    for finding in findings:
        lines.append(f"{'missing' if finding.advice else 'ok':<8} {finding.what:<12} {finding.found}")
        if finding.advice:
            lines.append(f"{'':<21} {finding.advice}")
    return "\n".join(lines)


def _python() -> Finding:
    return Finding("python", f"{platform.python_version()} ({sys.executable})")


def _uv() -> Finding:
    uv = shutil.which("uv") or str(CHECKOUT / ".run" / "uv" / "bin" / "uv")
    if not Path(uv).exists():
        return Finding("uv", "not found", "Type: bin/bootstrap")
    said = subprocess.run([uv, "--version"], capture_output=True, text=True, check=False).stdout.split()
    return Finding("uv", f"{said[1] if len(said) > 1 else 'unknown'} ({uv})")


def _postgres(urls: dict[str, str]) -> Finding:
    if url := urls.get("DATABASE_URL"):
        return _given_postgres(url)
    found = postgres_binaries.find()
    if found is None:
        needed = f"none of at least {postgres_binaries.LEAST_VERSION}"
        return Finding("PostgreSQL", needed, install.postgres_advice())
    return Finding("PostgreSQL", f"{found.version}, {found.origin} ({found.directory})")


def _given_postgres(url: str) -> Finding:
    needed = postgres_binaries.LEAST_VERSION
    try:
        version = asyncio.run(database.version(url))
    except (Trouble, asyncpg.PostgresError) as error:
        return Finding("PostgreSQL", str(error), _start_or("DATABASE_URL"))
    advice = "" if postgres_binaries.major(version) >= needed else f"{needed} or later is needed."
    return Finding("PostgreSQL", f"{version}, by DATABASE_URL", advice)


def _start_or(name: str) -> str:
    return f"Start it, or take it back: {name}= make up"


def _account() -> Finding:
    try:
        account = accounts.for_postgres()
    except Trouble as trouble:
        return Finding("OS user", "root", str(trouble))
    return Finding(
        "OS user", f"{account.name} runs PostgreSQL, which refuses root" if account.name else "your own"
    )


def _rabbitmq(urls: dict[str, str]) -> Finding:
    if url := urls.get("RABBITMQ_URL"):
        return _given_rabbitmq(url)
    found = rabbitmq.find()
    if found is None:
        advice = "`make up` will install it." if install.may_apt() else install.rabbitmq_advice()
        return Finding("RabbitMQ", "not found", advice)
    least = ".".join(map(str, rabbitmq.LEAST_VERSION))
    advice = f"{least} or later is needed." if rabbitmq.too_old(found.version) else ""
    return Finding("RabbitMQ", f"{found.version} ({found.server})", advice)


def _given_rabbitmq(url: str) -> Finding:
    try:
        return Finding("RabbitMQ", f"{given.broker(url)}, by RABBITMQ_URL")
    except Trouble as trouble:
        return Finding("RabbitMQ", str(trouble), _start_or("RABBITMQ_URL"))


def _node() -> Finding:
    """Only the console is built with it."""
    found = building.node()
    return Finding("Node", f"{found[0]} ({found[1]})" if found else "none: `make up` gets one into .run/node")


def _disk() -> Finding:
    free = shutil.disk_usage(CHECKOUT).free // 10**6
    advice = "" if free >= _LEAST_DISK_MB else f"At least {_LEAST_DISK_MB} MB are needed."
    return Finding("disk", f"{free} MB free", advice)


def _running(places: Places) -> Finding:
    states = Supervisor(places).states()
    running = [name for name, state in states.items() if state == "RUNNING"]
    return Finding("running", ", ".join(sorted(running)) or "nothing yet")
