"""New contacts are posted, and the webhooks that come of them arrive: in one process, which has one clock."""

import asyncio
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any, cast

import psutil

from tests.bench import child, open_loop
from tests.bench.child import Handler
from tests.bench.open_loop import Connections

LAST_SECONDS = 60.0
_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_WHO = re.compile(rb'"user_id": *"([^"]+)"')


class Sink:
    """Takes webhooks, and notes when the first one about each contact has come, and how many."""

    def __init__(self) -> None:
        self.arrived: dict[str, float] = {}
        self.times: Counter[str] = Counter()
        self.missing: set[str] = set()
        self._complete = asyncio.Event()

    def expect(self, contacts: set[str]) -> None:
        """From now on these."""
        self.arrived, self.missing = {}, set(contacts)
        self.times.clear()
        self._complete.clear()

    def take(self, body: bytes) -> None:
        """A webhook."""
        found = _WHO.search(body)
        contact = found[1].decode() if found else ""
        self.times[contact] += 1
        self.arrived.setdefault(contact, asyncio.get_running_loop().time())
        self.missing.discard(contact)
        if not self.missing:
            self._complete.set()

    async def complete(self, seconds: float) -> bool:
        """Whether all come within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._complete.wait()
        except TimeoutError:
            return False
        return True


class _Taking(asyncio.Protocol):
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            told = _LENGTH.search(self._received[: end + 2])
            whole = end + 4 + (int(told[1]) if told else 0)
            if len(self._received) < whole:
                return
            body, self._received = self._received[end + 4 : whole], self._received[whole:]
            self._sink.take(body)
            self._transport.write(_OK)


@asynccontextmanager
async def answering() -> AsyncGenerator[Handler]:
    """Answers {} with the port of the sink, and what `_react` takes with what it returns."""
    loop = asyncio.get_running_loop()
    sink = Sink()
    server = await loop.create_server(lambda: _Taking(sink), "127.0.0.1", 0, backlog=1024)

    async def answer(question: dict[str, Any]) -> dict[str, Any]:
        if not question:
            return {"port": server.sockets[0].getsockname()[1]}
        return await _react(sink, **question)

    try:
        yield answer
    finally:
        server.close()


async def _react(
    sink: Sink,
    *,
    port: int,
    write_key: str,
    run: str,
    contacts: int,
    contacts_a_second: float,
    events_a_body: int = 1,
    connections: int = 64,
    skip: int = 0,
) -> dict[str, Any]:
    """Post new contacts at that rate, and wait for their webhooks; the first `skip` are not timed."""
    names = [f"{run}-{number:06}" for number in range(contacts)]
    sink.expect(set(names))
    pool = Connections()
    await pool.open(port, connections)
    loop = asyncio.get_running_loop()
    began, spent = loop.time() + 0.05, _cpu_seconds()
    requests = _requests(names, events_a_body, write_key)
    await open_loop.run(pool, requests, began, contacts_a_second / events_a_body)
    async with asyncio.timeout(LAST_SECONDS):
        await pool.all_answered()
    complete = await sink.complete(LAST_SECONDS)
    pool.close()
    due = [began + number // events_a_body * events_a_body / contacts_a_second for number in range(contacts)]
    counted = list(zip(names, due, strict=True))[skip:]
    took = [sink.arrived[name] - at for name, at in counted if name in sink.arrived]
    last = max(sink.arrived.values(), default=began)
    return {
        "arrived": len(names) - len(sink.missing),
        "doubled": sum(1 for number in sink.times.values() if number > 1),
        "complete": complete,
        "statuses": dict(pool.statuses),
        "seconds": last - began,
        "p50_ms": _percentile(took, 0.50),
        "p95_ms": _percentile(took, 0.95),
        "p99_ms": _percentile(took, 0.99),
        "cpu_percent": round(100 * (_cpu_seconds() - spent) / (last - began), 1) if last > began else None,
    }


def _requests(names: list[str], events_a_body: int, write_key: str) -> Iterator[bytes]:
    """New contacts, one a POST to /v1/identify, or so many a body to /v1/batch."""
    path = "/v1/identify" if events_a_body == 1 else "/v1/batch"
    credentials = b64encode(f"{write_key}:".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {credentials}\r\n"
        "Content-Type: application/json\r\n"
    ).encode()
    for first in range(0, len(names), events_a_body):
        events = [_identify(name) for name in names[first : first + events_a_body]]
        body = json.dumps(events[0] if events_a_body == 1 else {"batch": events}).encode()
        yield b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)


def _identify(name: str) -> dict[str, Any]:
    traits = {"email": f"{name}@example.com", "country": "CA", "first_name": "Ada", "plan": "team"}
    return {"type": "identify", "userId": name, "messageId": name, "traits": traits}


def _cpu_seconds() -> float:
    times = psutil.Process().cpu_times()
    return times.user + times.system


def _percentile(seconds: list[float], share: float) -> float | None:
    ranked = sorted(seconds)
    return round(1000 * ranked[int(share * (len(ranked) - 1))], 1) if ranked else None


if __name__ == "__main__":
    child.run(answering)
