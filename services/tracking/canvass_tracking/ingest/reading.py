"""A body becomes events: at once where that goes, slowly and beside the loop where it does not."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from pydantic import ValidationError

from canvass_tracking.ingest.limits import MAX_EVENT_BYTES, Refused, overloaded
from canvass_tracking.ingest.parse import Read, Unread, read_batch, read_one
from canvass_tracking.ingest.salvage import salvage, unreadable

MAX_SALVAGING = 16


class Reader:
    """Reads bodies. What is broken is read in one thread: it waits for its like, and nothing else does."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "salvage")
        self._salvaging = 0

    async def read(self, body: bytes, *, batch: bool) -> Read:
        """The events of a body. Raises Refused when there are none that can be read."""
        if not batch:
            return _read_single(body)
        try:
            return read_batch(body)
        except Unread:
            return await self._salvage(body)

    async def _salvage(self, body: bytes) -> Read:
        if self._salvaging >= MAX_SALVAGING:
            raise overloaded()
        self._salvaging += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, salvage, body)
        finally:
            self._salvaging -= 1


def _read_single(body: bytes) -> Read:
    if len(body) > MAX_EVENT_BYTES:
        raise Refused(400, "event_too_large", f"An event is at most {MAX_EVENT_BYTES} bytes.")
    try:
        posted = read_one(body)
    except ValidationError as error:
        raise Refused(400, *unreadable(error)) from None
    return Read([(0, posted)], [], {})
