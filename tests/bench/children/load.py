"""The load generator."""

import asyncio
import time
from base64 import b64encode
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import psutil

from tests.bench import child, posting
from tests.bench.child import Handler
from tests.bench.children import events

LAST_ANSWERS_SECONDS = 30


@asynccontextmanager
async def answering() -> AsyncGenerator[Handler]:
    """Answers what `_load` takes, as keywords, with what it returns."""

    async def answer(question: dict[str, Any]) -> dict[str, Any]:
        return await _load(**question)

    yield answer


async def _load(
    *,
    port: int,
    write_key: str,
    run: str,
    connections: int,
    seconds: float,
    warm_up_seconds: float = 1.0,
    events_a_body: int | None = None,
    bodies: int | None = None,
) -> dict[str, Any]:
    """Post for `warm_up_seconds`, then for the `seconds` that count, then wait for the last answers.

    With `events_a_body` bodies of so many go to /v1/batch, else single events to /v1/track. It ends earlier
    when it has posted as many as `bodies`.
    """
    tally, ended = posting.Tally(), asyncio.Event()
    path = "/v1/batch" if events_a_body else "/v1/track"
    requests = _requests(_head(path, write_key), islice(_bodies(run, events_a_body), bodies), ended)
    patience = warm_up_seconds + seconds + LAST_ANSWERS_SECONDS
    posted = asyncio.create_task(
        posting.post(port, requests, connections=connections, patience_seconds=patience, tally=tally)
    )
    await asyncio.sleep(warm_up_seconds)
    tally.counting, began, spent = True, time.perf_counter(), _cpu_seconds()
    await asyncio.wait((posted,), timeout=seconds)
    tally.counting, counted, used = False, time.perf_counter() - began, _cpu_seconds() - spent
    ended.set()
    await posted
    return {
        "events_a_second": len(tally.seconds) * (events_a_body or 1) / counted,
        "acknowledged_events": tally.acknowledged * (events_a_body or 1),
        "refused": dict(tally.refused),
        "p50_ms": _percentile(tally.seconds, 0.50),
        "p99_ms": _percentile(tally.seconds, 0.99),
        "cpu_percent": round(100 * used / counted, 1),
    }


def _requests(head: bytes, bodies: Iterator[bytes], ended: asyncio.Event) -> Iterator[bytes]:
    for body in bodies:
        if ended.is_set():
            return
        yield b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)


def _head(path: str, write_key: str) -> bytes:
    credentials = b64encode(f"{write_key}:".encode()).decode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {credentials}\r\n"
        "Content-Type: application/json\r\n"
    ).encode()


def _bodies(run: str, events_a_body: int | None) -> Iterator[bytes]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    return events.batches(run, at, events_a_body) if events_a_body else events.singles(run, at)


def _cpu_seconds() -> float:
    times = psutil.Process().cpu_times()
    return times.user + times.system


def _percentile(seconds: Sequence[float], share: float) -> float | None:
    ranked = sorted(seconds)
    return round(1000 * ranked[int(share * (len(ranked) - 1))], 2) if ranked else None


if __name__ == "__main__":
    child.run(answering)
