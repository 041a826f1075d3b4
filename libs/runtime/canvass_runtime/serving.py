"""HTTP beside whatever else the process does: uvicorn inside our loop, stopped by our event."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn

DRAIN_SECONDS = 15
"""How long requests may take to end once we stop; less than the process is given to drain."""
KEEP_ALIVE_SECONDS = 75
"""Longer than the minute of a customary load balancer, so that it never uses a connection as we close it."""

log = structlog.get_logger()


async def serve(
    app: Any, host: str, port: int, stop: asyncio.Event, *, listening: "asyncio.Future[int] | None" = None
) -> None:
    """Answer requests with the ASGI `app` until `stop`; then take no new ones and let those under way end.

    `port` 0 takes a free one; `listening` is told the port once requests are answered. Raises OSError when
    the port is taken.
    """
    listener = _listen(host, port)
    server = _Server(_config(app), listening)
    stopping = asyncio.create_task(_stop(server, stop))
    try:
        await server.serve(sockets=[listener])
    finally:
        stopping.cancel()
        listener.close()


class _Server(uvicorn.Server):
    """Signals are the process' affair, and somebody may wait for the start."""

    def __init__(self, config: uvicorn.Config, listening: "asyncio.Future[int] | None") -> None:
        super().__init__(config)
        self._listening = listening

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port, *_ = self.servers[0].sockets[0].getsockname()
        log.info("http_listening", host=host, port=port)
        if self._listening is not None:
            self._listening.set_result(port)


async def _stop(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=2048)
    listener.setblocking(False)
    return listener


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
