"""The OS user that PostgreSQL runs as: ourselves, or, as it refuses root, somebody who may do little."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .trouble import Trouble


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs a program. `name` is None for ourselves."""

    name: str | None

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a command as this account; its output is captured, its return code left to the caller."""
        entry = pwd.getpwnam(self.name) if self.name else None
        return subprocess.run(
            [str(word) for word in command],
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=entry and entry.pw_uid,
            group=entry and entry.pw_gid,
            extra_groups=[] if entry else None,
        )

    def reaches(self, executable: Path) -> bool:
        """Whether this account can run it: every directory above open to it, libraries found."""
        try:
            return self.run([executable, "--version"]).returncode == 0
        except OSError:
            return False

    def enters(self, directory: Path) -> bool:
        """Whether this account can go into `directory`: every one above it open to it as well."""
        return self.run(["/bin/sh", "-c", 'cd "$0"', directory]).returncode == 0

    def give(self, path: Path) -> None:
        """Make `path` belong to this account."""
        if self.name:
            shutil.chown(path, self.name, pwd.getpwnam(self.name).pw_gid)


def for_postgres() -> Account:
    """Ourselves; under root the `postgres` of some installed package, else `nobody`. None is made."""
    if os.geteuid() != 0:
        return Account(None)
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name)
    raise Trouble("PostgreSQL refuses to run as root, and there is no `postgres` or `nobody` to run it as.")
