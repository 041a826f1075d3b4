"""The life of a process: it works until told to stop, finishes what it has begun, and ends with a code."""

import asyncio
import ctypes
import gc
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import NoReturn

import structlog
import uvloop

DRAIN_SECONDS = 25.0
"""Kubernetes kills after 30."""

Main = Callable[[asyncio.Event], Awaitable[None]]
log = structlog.get_logger()


def run(main: Main, *, drain_seconds: float = DRAIN_SECONDS) -> NoReturn:
    """Run `main(stop)`, and exit: 0 if it ended well, 1 if it failed or drained too late.

    SIGTERM or SIGINT sets `stop`; `main` should then take nothing new, finish what it holds, return. After
    `drain_seconds`, or at a second signal, it is cancelled.
    """
    settle()
    raise SystemExit(uvloop.run(_live(main, drain_seconds)))


def settle() -> None:
    """Give back what importing left behind, and let the collector pass over what stays.

    Takes tens of milliseconds: before work begins, never on a live loop.
    """
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):  # another libc than glibc
        ctypes.CDLL(None).malloc_trim(0)


async def _live(main: Main, drain_seconds: float) -> int:
    stop = asyncio.Event()
    work = asyncio.ensure_future(main(stop))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, partial(_stop_or_cancel, number, stop, work))
    told = asyncio.create_task(stop.wait())
    await asyncio.wait((work, told), return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not work.done():
        await asyncio.wait((work,), timeout=drain_seconds)
    return await _verdict(work)


def _stop_or_cancel(number: int, stop: asyncio.Event, work: asyncio.Future[None]) -> None:
    log.info("process_stopping", signal=signal.Signals(number).name, at_once=stop.is_set())
    if stop.is_set():
        work.cancel()
    stop.set()


async def _verdict(work: asyncio.Future[None]) -> int:
    if not work.done():
        log.error("process_not_drained")
        work.cancel()
        await asyncio.wait((work,), timeout=2)
        return 1
    if work.cancelled():
        return 1
    if error := work.exception():
        log.error("process_failed", exc_info=error)
        return 1
    return 0
