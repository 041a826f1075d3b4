"""Secrets on disk: made once, readable by their owner alone."""

import os
import secrets
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Write `text` so that nobody else can read it at any moment, nor half of it ever."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def kept(path: Path) -> str:
    """The secret in `path`; a new random one the first time. Safe in URLs as it is."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(path, secrets.token_urlsafe(24))
    return path.read_text().strip()
