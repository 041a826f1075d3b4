"""`.run/canvass.env`: where everything of a stack is, for shells, scripts and the other commands."""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from . import secret_files
from .places import Places


def write(file: Path, values: Mapping[str, str], *, exported: bool = False) -> None:
    """Write NAME=value lines, which shells and dotenv readers take alike; `exported` ones, shells alone."""
    secret_files.write(file, lines(values, exported=exported))


def lines(values: Mapping[str, str], *, exported: bool = False) -> str:
    """The same as text, each line with its end."""
    word = "export " if exported else ""
    return "".join(f"{word}{name}={shlex.quote(value)}\n" for name, value in values.items())


def read(file: Path) -> dict[str, str]:
    """What `write` has written; nothing when it has not."""
    if not file.exists():
        return {}
    written = (line.removeprefix("export ") for line in file.read_text().splitlines() if "=" in line)
    pairs = (line.split("=", 1) for line in written)
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def known(places: Places) -> dict[str, str]:
    """The stack's own values, and over them the caller's shell, so that any deployment can be addressed."""
    return read(places.environment) | {name: value for name, value in os.environ.items() if value}
