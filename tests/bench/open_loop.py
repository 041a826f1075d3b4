"""Requests sent at the times they are scheduled for, whatever becomes of those before: an open loop.

A closed loop waits for the slow server, and so never sees how long others would have waited.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from typing import cast

from tests.bench.posting import answer_length

_TICK_SECONDS = 0.001


class Connections:
    """Keep-alive connections to one port. What finds none free waits, and its time runs."""

    def __init__(self) -> None:
        self._free: list[_Connection] = []
        self._waiting: deque[bytes] = deque()
        self._out = 0
        self._idle = asyncio.Event()
        self.statuses: Counter[str] = Counter()
        """How the requests were answered: by status."""

    async def open(self, port: int, number: int) -> None:
        """Open so many."""
        loop = asyncio.get_running_loop()
        for _ in range(number):
            await loop.create_connection(lambda: _Connection(self), "127.0.0.1", port)

    def send(self, request: bytes) -> None:
        """Send it as soon as a connection is free."""
        self._out += 1
        self._idle.clear()
        if self._free:
            self._free.pop().send(request)
        else:
            self._waiting.append(request)

    async def all_answered(self) -> None:
        """Wait until nothing is out."""
        if self._out:
            await self._idle.wait()

    def close(self) -> None:
        """Close those that are free, which are all once all is answered."""
        for connection in self._free:
            connection.close()

    def free(self, connection: "_Connection", status: str | None = None) -> None:
        """The connection is new, or its request was answered."""
        if status is not None:
            self.statuses[status] += 1
            self._out -= 1
            if not self._out:
                self._idle.set()
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._free.append(connection)


class _Connection(asyncio.Protocol):
    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._connections.free(self)

    def send(self, request: bytes) -> None:
        self._transport.write(request)

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        length = answer_length(self._received)
        if length is not None and len(self._received) >= length:
            status, self._received = self._received[9:12].decode(), b""
            self._connections.free(self, status)


async def run(connections: Connections, requests: Iterator[bytes], began: float, rate: float) -> None:
    """Send request number n at `began + n / rate` (seconds of the loop's clock), until there are no more."""
    loop = asyncio.get_running_loop()
    for number, request in enumerate(requests):
        while began + number / rate > loop.time():  # noqa: ASYNC110 - it is time that is awaited
            await asyncio.sleep(_TICK_SECONDS)
        connections.send(request)
