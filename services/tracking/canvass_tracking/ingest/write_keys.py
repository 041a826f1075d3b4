"""Whose a write key is: remembered, and looked up again every few seconds while it is in use."""

import asyncio
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import parse_qs

import structlog
from canvass_runtime.clock import monotonic
from canvass_runtime.db import Database

from canvass_tracking.ingest.limits import Refused
from canvass_tracking.store.sources import Source, read_sources

FRESH_SECONDS = 5.0
UNKNOWN_SECONDS = 1.0
"""How often, at most, keys that nobody knows make us look."""

_log = structlog.get_logger(__name__)


class WriteKeys:
    """The sources of this installation by their write keys."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sources: Mapping[str, Source] = {}
        self._read_at: float | None = None
        self._reading: asyncio.Task[None] | None = None

    async def source_of(self, write_key: str | None) -> Source:
        """Raises Refused (401) when there is none. Waits for the database only when it has to."""
        if write_key and (source := self._sources.get(write_key)):
            if self._age() > FRESH_SECONDS:
                self._read()  # meanwhile the key is as good as it was
            return source
        if write_key and self._age() > UNKNOWN_SECONDS:
            await asyncio.shield(self._read())
            if source := self._sources.get(write_key):
                return source
        raise Refused(401, "invalid_write_key", "Send the write key of a source: see GET /sources.")

    def _age(self) -> float:
        return float("inf") if self._read_at is None else monotonic() - self._read_at

    def _read(self) -> "asyncio.Task[None]":
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_all())
            self._reading.add_done_callback(_log_failure)
        return self._reading

    async def _read_all(self) -> None:
        async with self._database.transaction() as tx:
            sources = await read_sources(tx)
        self._sources = {source.write_key: source for source in sources}
        self._read_at = monotonic()


def _log_failure(reading: "asyncio.Task[None]") -> None:
    if not reading.cancelled() and (error := reading.exception()):
        _log.warning("write_keys.not_read", exc_info=error)


def of_header(headers: Mapping[bytes, bytes]) -> str | None:
    """The user name of Basic authentication. Some old senders leave the colon away."""
    value = headers.get(b"authorization", b"")
    if value[:6].lower() != b"basic ":
        return None
    try:
        return b64decode(value[6:], validate=True).decode().partition(":")[0]
    except ValueError:
        return None


def of_query(query: bytes) -> str | None:
    """`?writeKey=`, of beacons, which have no headers."""
    if b"writeKey" not in query:
        return None
    return parse_qs(query.decode("latin-1")).get("writeKey", [None])[0]
