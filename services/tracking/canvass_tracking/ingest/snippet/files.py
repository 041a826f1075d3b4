"""Segment's browser SDK as it is published: `analytics-next/`, with its license."""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files

_FOLDER = files("canvass_tracking.ingest.snippet") / "analytics-next"
MAIN = "standalone.js"
"""What the snippet loads. The rest are chunks that it asks for when it needs them, by names with digests."""


@dataclass(frozen=True, slots=True)
class File:
    """One script, as it is sent."""

    content: bytes
    packed: bytes
    """The same as gzip."""
    etag: bytes


@cache
def main() -> File:
    """The SDK itself."""
    return _read(MAIN)


@cache
def chunk(name: str) -> File | None:
    """A part that is loaded later; None when there is none of that name."""
    return _read(name) if name in _chunks() else None


@cache
def _chunks() -> frozenset[str]:
    return frozenset(one.name for one in _FOLDER.iterdir() if one.name.endswith(".js")) - {MAIN}


def _read(name: str) -> File:
    content = (_FOLDER / name).read_bytes()
    digest = blake2b(content, digest_size=12).hexdigest()
    return File(content, gzip.compress(content, mtime=0), f'"{digest}"'.encode())
