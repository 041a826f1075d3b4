"""The body of a request: read, unpacked and bounded, whatever its headers call it."""

import asyncio
import zlib
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from starlette.types import Receive

from canvass_tracking.ingest.limits import Refused, overloaded, too_large

READ_SECONDS = 20.0
ROOM_BYTES = 64 * 1024 * 1024
_DIGITS = 19
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31


class Gone(Exception):
    """The sender has closed the connection: nobody waits for an answer."""


class Room:
    """The memory that bodies may take while they arrive."""

    def __init__(self, size: int = ROOM_BYTES) -> None:
        self._left = size

    @contextmanager
    def taken(self, size: int) -> Generator[None]:
        """Hold so much of it. Raises Refused (429) when there is not so much left."""
        if size > self._left:
            raise overloaded()
        self._left -= size
        try:
            yield
        finally:
            self._left += size


def declared_length(headers: Mapping[bytes, bytes]) -> int:
    """What Content-Length says; 0 when it says nothing."""
    stated = headers.get(b"content-length", b"")
    return int(stated) if stated.isdigit() and len(stated) < _DIGITS else 0


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body, unpacked. What is gzip is known by its first bytes: headers are often wrong about it.

    Raises Refused (413 beyond `limit`, before or after unpacking; 400 for broken gzip; 408), or Gone.
    """
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await _whole(receive, limit)
    except TimeoutError:
        raise Refused(408, "timeout", "The request did not arrive in time.") from None
    return unpacked(body, limit) if body.startswith(_GZIP) else body


async def _whole(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def unpacked(body: bytes, limit: int) -> bytes:
    """What gzip holds. Never makes more than `limit` bytes of it. Raises Refused."""
    parts: list[bytes] = []
    room = limit + 1
    while body:
        unpacker = zlib.decompressobj(_GZIP_WINDOW)
        try:
            part = unpacker.decompress(body, room)
        except zlib.error:
            raise _broken() from None
        room -= len(part)
        if room <= 0:
            raise too_large(limit)
        if not unpacker.eof:
            raise _broken()
        parts.append(part)
        body = unpacker.unused_data
    return b"".join(parts)


def _broken() -> Refused:
    return Refused(400, "invalid_gzip", "The body is broken or incomplete gzip.")
