"""The connections to one sender's mail server: kept, counted, and left alone while the server is away."""

import asyncio
import socket

from canvass_channels.domain.model import Answer

from .message import Envelope
from .smtp import Connection, Server, Unreachable

SHORTEST_REST = 1.0
LONGEST_REST = 60.0


class Connections:
    """Up to `most` connections. Messages are sent only over those that `open` has counted as idle."""

    def __init__(self, server: Server, most: int, answer_seconds: float) -> None:
        self.most = most
        self._server = server
        self._seconds = answer_seconds
        self._our_name = ""
        self._idle: list[Connection] = []
        self._busy = 0
        self._pause = SHORTEST_REST
        self._no_more_until = 0.0
        self._why = ""
        self._closed = False

    @property
    def rest(self) -> float:
        """For how many seconds more the server is left alone, because it could not be reached at all."""
        return 0.0 if self._idle or self._busy else max(0.0, self._no_more_until - _now())

    async def open(self, wanted: int) -> int:
        """Have up to `wanted` idle connections open; returns how many are: as many as the server allows.

        Raises Unreachable when there are none and none can be had; then the server is given a rest.
        """
        await self._close_worn()
        missing = min(wanted, self.most - self._busy) - len(self._idle)
        may_grow = missing > 0 and _now() >= self._no_more_until
        if may_grow and (failures := await self._add(missing)):
            self._no_more_until = _now() + self._pause
            self._pause = min(2 * self._pause, LONGEST_REST)
            self._why = str(failures[0])
        if wanted and not (self._idle or self._busy):
            raise Unreachable(self._why)
        return min(wanted, len(self._idle))

    async def _close_worn(self) -> None:
        worn = [connection for connection in self._idle if not connection.is_usable]
        self._idle = [connection for connection in self._idle if connection.is_usable]
        await asyncio.gather(*(connection.close() for connection in worn))

    async def _add(self, count: int) -> list[Unreachable]:
        fresh = [await self._new() for _ in range(count)]
        outcomes = await asyncio.gather(*(one.open() for one in fresh), return_exceptions=True)
        failures: list[Unreachable] = []
        for connection, outcome in zip(fresh, outcomes, strict=True):
            if outcome is None:
                self._idle.append(connection)
                self._pause = SHORTEST_REST
            elif isinstance(outcome, Unreachable):
                failures.append(outcome)
            else:
                raise outcome
        return failures

    async def _new(self) -> Connection:
        if not self._our_name:
            self._our_name = await asyncio.to_thread(socket.getfqdn)
        return Connection(self._server, self._our_name, self._seconds)

    async def send(self, envelope: Envelope) -> Answer:
        """Send over one of the idle connections. Raises IndexError when `open` has not counted one."""
        connection = self._idle.pop()
        self._busy += 1
        try:
            answer = await connection.send(envelope)
            if connection.was_left and answer.stage == "session" and answer.code is None:
                connection = await self._new()  # the server had left it: not a byte of the message has gone
                answer = await _open_and_send(connection, envelope)
            return answer
        finally:
            self._busy -= 1
            if connection.is_usable and not self._closed:
                self._idle.append(connection)
            else:
                await connection.close()

    async def close(self) -> None:
        """Close those that are idle now, and the others when they have sent what they are sending."""
        self._closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.close() for connection in idle))


async def _open_and_send(connection: Connection, envelope: Envelope) -> Answer:
    try:
        await connection.open()
    except Unreachable as error:
        return Answer("session", None, str(error))
    return await connection.send(envelope)


def _now() -> float:
    return asyncio.get_running_loop().time()
