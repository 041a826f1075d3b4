"""A closed loop of HTTP requests on bare sockets: so little work a request that it is never the limit."""

import asyncio
import time
from array import array
from collections import Counter
from collections.abc import Iterator
from typing import cast


class Tally:
    """What came back."""

    def __init__(self) -> None:
        self.acknowledged = 0
        """Requests answered 200, from the first to the last."""
        self.refused: Counter[str] = Counter()
        """Other statuses, and what broke."""
        self.counting = False
        """Whether it is the time that counts."""
        self.seconds = array("d")
        """How long each request took that was answered 200 in the time that counts."""

    def take(self, status: bytes, seconds: float) -> None:
        """Count one answer."""
        if status != b"200":
            self.refused[status.decode(errors="replace")] += 1
            return
        self.acknowledged += 1
        if self.counting:
            self.seconds.append(seconds)


class Connection(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered, until there is none."""

    def __init__(self, requests: Iterator[bytes], tally: Tally) -> None:
        self._requests = requests
        self._tally = tally
        self._received = b""
        self._sent_at = 0.0
        self._transport: asyncio.WriteTransport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.WriteTransport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Wait for the whole answer, which servers often send in two pieces, then go on."""
        self._received += data
        length = answer_length(self._received)
        if length is None or len(self._received) < length:
            return
        status, self._received = self._received[9:12], b""
        self._tally.take(status, time.perf_counter() - self._sent_at)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing more comes: expected once it is done, else told."""
        if not self.done.done():
            self._tally.refused[f"connection lost: {exc}"] += 1
            self.done.set_result(None)

    def _send(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def answer_length(received: bytes) -> int | None:
    """How long the whole answer is; None as long as its head is not whole. Only one request is out at a time.

    Raises ValueError for an answer that does not tell its length: ours do.
    """
    head = received.find(b"\r\n\r\n")
    if head < 0:
        return None
    told = received[:head].lower().partition(b"\r\ncontent-length:")[2]
    return head + 4 + int(told.partition(b"\r\n")[0])


async def post(
    port: int, requests: Iterator[bytes], *, connections: int, patience_seconds: float, tally: Tally
) -> None:
    """Post until `requests` ends. Raises TimeoutError when the last answers take longer than that."""
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(requests, tally), "127.0.0.1", port)
        for _ in range(connections)
    ]
    async with asyncio.timeout(patience_seconds):
        await asyncio.gather(*(connection.done for _, connection in made))
