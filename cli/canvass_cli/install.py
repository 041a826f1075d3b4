"""What must be on this machine: found, put there when we may, else one line saying what to type."""

import contextlib
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from . import postgres_binaries, rabbitmq
from .places import Places
from .postgres_binaries import Binaries
from .rabbitmq import Broker
from .trouble import Trouble

_POLICY = Path("/usr/sbin/policy-rc.d")
_APT = {"DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none"}

_COMMANDS = {
    "apt-get": "sudo apt-get update && sudo apt-get install -y rabbitmq-server",
    "dnf": "sudo dnf install -y rabbitmq-server",
    "zypper": "sudo zypper install -y rabbitmq-server",
    "pacman": "sudo pacman -S --noconfirm rabbitmq",
    "brew": "brew install rabbitmq",
}


def postgres() -> Binaries:
    """PostgreSQL's programs. Raises `Trouble`."""
    found = postgres_binaries.find()
    if found is None:
        needed = postgres_binaries.LEAST_VERSION
        raise Trouble(f"PostgreSQL {needed} or later is missing. {postgres_advice()}")
    return found


def broker(places: Places) -> Broker:
    """RabbitMQ as installed; on Debian and Ubuntu installed now when we are root. Raises `Trouble`."""
    found = rabbitmq.find()
    if found is None and may_apt():
        print("RabbitMQ is not installed: apt-get install rabbitmq-server (about 30 s)", flush=True)
        _apt_install("rabbitmq-server", places.log / "apt.log")
        found = rabbitmq.find()
    if found is None:
        raise Trouble(f"RabbitMQ is missing. {rabbitmq_advice()}")
    return found


def postgres_advice() -> str:
    """One line for this operating system."""
    if platform.system() == "Darwin":
        return "Type: brew install postgresql@18"
    return "Install it (https://www.postgresql.org/download/), or set DATABASE_URL to one that runs."


def rabbitmq_advice() -> str:
    """One line for this operating system."""
    command = next((command for tool, command in _COMMANDS.items() if shutil.which(tool)), None)
    how = f"Type: {command}" if command else "Install it (https://www.rabbitmq.com/docs/download)"
    return f"{how}; or set RABBITMQ_URL to one that runs."


def may_apt() -> bool:
    """Whether we may install Debian's packages."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_install(package: str, log: Path) -> None:
    """Install a Debian package without starting what it brings. Raises `Trouble` with apt's last words."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as output, _no_services_started():
        for command in (["apt-get", "update"], install):
            done = subprocess.run(
                command,
                check=False,
                env=os.environ | _APT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    if done.returncode != 0:
        end = " ".join(log.read_text(errors="replace").split()[-60:])
        raise Trouble(f"apt-get could not install {package} ({log}): {end}\n{rabbitmq_advice()}")


@contextlib.contextmanager
def _no_services_started() -> Iterator[None]:
    """Debian starts what it installs, here a node on the default ports, unless this file says no."""
    aside = _POLICY.with_name("policy-rc.d.canvass")
    if _POLICY.exists():
        _POLICY.rename(aside)
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
        if aside.exists():
            aside.rename(_POLICY)
