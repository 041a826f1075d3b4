"""Building the console: when its sources have changed since, by a Node of this machine or one of ours."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from .places import CHECKOUT
from .trouble import Trouble

HOME = CHECKOUT / "console"
BUILT = HOME / "canvass_console" / "dist" / "index.html"
OUR_NODE = CHECKOUT / ".run" / "node" / "bin"

_SOURCES = ("src", "openapi", "scripts")
_MADE = HOME / "src" / "api" / "generated"
"""Written from `openapi` by each build."""
_INSTALLED = HOME / "node_modules" / ".package-lock.json"
"""Where npm notes what it has installed."""
_QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
_WITHIN_SECONDS = 900.0
_LINES_SHOWN = 30


def build(*, anew: bool = False) -> bool:
    """Build it unless what was built last is newer than the sources. False: nothing was to do.

    Raises `Trouble` with the end of what npm or the compiler says.
    """
    if not anew and is_current():
        return False
    environment = _environment()
    if not _installed():
        _run(["npm", "ci", *_QUIET], environment)
    _run(["npm", "run", "--silent", "build"], environment)
    return True


def is_current() -> bool:
    """Whether it is built, and from the sources as they are; always so where there are none."""
    if not HOME.is_dir():
        return True
    return BUILT.exists() and all(file.stat().st_mtime <= BUILT.stat().st_mtime for file in _sources())


def run(script: str, *arguments: str, told: Mapping[str, str] | None = None) -> None:
    """Run one of package.json's scripts, such as `check`, for whoever reads along. Raises `Trouble`.

    `told` is more for its environment.
    """
    environment = _environment() | dict(told or {})
    if not _installed():
        _run(["npm", "ci", *_QUIET], environment)
    command = [_program("npm", environment), "run", "--silent", script, "--", *arguments]
    if subprocess.run(command, cwd=HOME, env=environment, check=False, timeout=_WITHIN_SECONDS).returncode:
        raise Trouble(f"npm run {script} found something wrong.")


def _sources() -> Iterator[Path]:
    for name in _SOURCES:
        found = (HOME / name).rglob("*")
        yield from (file for file in found if file.is_file() and _MADE not in file.parents)
    yield from (file for file in HOME.iterdir() if file.is_file())


def _installed() -> bool:
    return _INSTALLED.exists() and _INSTALLED.stat().st_mtime >= (HOME / "package-lock.json").stat().st_mtime


def _environment() -> dict[str, str]:
    """The caller's, with a Node that is new enough first in its path. Gets one when there is none."""
    quiet = {"PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1", "NO_UPDATE_NOTIFIER": "1"}
    if _suits(shutil.which("node")) and shutil.which("npm"):
        return os.environ | quiet
    if not _suits(str(OUR_NODE / "node")):
        got = subprocess.run([sys.executable, str(CHECKOUT / "bin" / "bootstrap"), "node"], check=False)
        if got.returncode != 0:
            raise Trouble(f"There is no Node {_least()} or later, and none could be got: install it.")
    return os.environ | quiet | {"PATH": f"{OUR_NODE}{os.pathsep}{os.environ.get('PATH', '')}"}


def node() -> tuple[str, str] | None:
    """The version and place of a Node that can build it: this machine's, else the one that we got earlier."""
    for candidate in (shutil.which("node"), str(OUR_NODE / "node")):
        if candidate and _suits(candidate):
            said = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)
            return said.stdout.strip(), candidate
    return None


def _suits(node: str | None) -> bool:
    if node is None or not Path(node).exists():
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return suits(said, _wanted())


def suits(version: str, wanted: str) -> bool:
    """Whether `v20.19.1` is of `^20.19 || >=22.12`, as package.json's `engines` are written."""
    found = _numbers(version)
    for one in wanted.split("||"):
        least = _numbers(one)
        if found and found >= least and (">=" in one or found[0] == least[0]):
            return True
    return False


def _least() -> str:
    return ".".join(map(str, _numbers(_wanted())))


def _wanted() -> str:
    return str(json.loads((HOME / "package.json").read_text())["engines"]["node"])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _program(name: str, environment: dict[str, str]) -> str:
    """Where it is; a child's PATH does not decide which program is started as the child."""
    found = shutil.which(name, path=environment.get("PATH"))
    if found is None:
        raise Trouble(f"There is no {name} beside node: install it.")
    return found


def _run(command: list[str], environment: dict[str, str]) -> None:
    try:
        done = subprocess.run(
            [_program(command[0], environment), *command[1:]],
            cwd=HOME,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_WITHIN_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Trouble(f"{' '.join(command)} took longer than {_WITHIN_SECONDS:.0f} s.") from None
    if done.returncode != 0:
        said = "\n".join(f"  {line}" for line in done.stdout.strip().splitlines()[-_LINES_SHOWN:])
        raise Trouble(f"{' '.join(command)} failed:\n{said}")
