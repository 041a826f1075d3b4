"""The bulk lane in a process of its own, forked from the one that serves: if either ends, both do."""

import asyncio
import multiprocessing
import os
from collections.abc import Callable

JOIN_SECONDS = 30


class LaneProcessEnded(Exception):
    """The process of the bulk lane has ended by itself, so the service ends too, and is started anew."""


class LaneProcess:
    """A forked process. Fork before anything is opened: before the loop, threads, and connections.

    Each side holds an end of a pipe that closes when the other side is gone, however it went.
    """

    def __init__(self, run: Callable[[int], None]) -> None:
        """`run(parent)` is what the child does; `parent` is what becomes readable when the parent is gone."""
        self._parent_alive, self._alive = os.pipe()
        self._process = multiprocessing.get_context("fork").Process(target=self._be, args=(run,))
        self._process.start()
        self._holds_alive = True
        os.close(self._parent_alive)

    def _be(self, run: Callable[[int], None]) -> None:
        os.close(self._alive)
        run(self._parent_alive)

    async def watch(self, stop: asyncio.Event) -> None:
        """Wait until `stop`, and pass it on, so that both drain at once. Raises LaneProcessEnded if the child
        ends before.
        """
        ended = _readable(self._process.sentinel)
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if ended.done() and not stop.is_set():
            raise LaneProcessEnded(f"the bulk worker ended with {self._process.exitcode}")
        self._let_go()

    def end(self) -> None:
        """Ask the child to drain, and wait until it has; kill it if it does not."""
        self._let_go()
        self._process.join(JOIN_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _let_go(self) -> None:
        """The child drains as if we were gone. A signal could be its second, and that one ends it at once."""
        if self._holds_alive:
            self._holds_alive = False
            os.close(self._alive)


async def outlived(parent: int, stop: asyncio.Event) -> None:
    """Set `stop` when the parent is gone."""
    gone = _readable(parent)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stop.set()


def _readable(descriptor: int) -> "asyncio.Future[None]":
    """A future that is done when the descriptor can be read, which a closed pipe always can."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def tell() -> None:
        loop.remove_reader(descriptor)
        if not future.done():
            future.set_result(None)

    loop.add_reader(descriptor, tell)
    future.add_done_callback(lambda _: loop.remove_reader(descriptor))
    return future
