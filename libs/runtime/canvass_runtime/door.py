"""Around every request: limits of time and size, an answer whatever happens, and a note of it."""

import asyncio
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from canvass_runtime import problem
from canvass_runtime.clock import monotonic
from canvass_runtime.errors import TooLarge
from canvass_runtime.metrics import request_seconds

log = structlog.get_logger()


class Door:
    """ASGI middleware. A request that takes over `seconds` is cancelled, and its transaction undone.

    One whose body is larger than `body_bytes` is refused, if need be while it comes.
    """

    def __init__(self, app: ASGIApp, seconds: float, body_bytes: int) -> None:
        self._app = app
        self._seconds = seconds
        self._body_bytes = body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, said = monotonic(), _Said(send)
        try:
            await self._answer(scope, receive, said)
        finally:
            _observe(scope, said.status, monotonic() - begun)

    async def _answer(self, scope: Scope, receive: Receive, said: "_Said") -> None:
        deadline, body = asyncio.timeout(self._seconds), _Body(receive, self._body_bytes)
        try:
            async with deadline:
                body.refuse_announced(scope)
                await self._app(scope, body, said)
        except Exception as error:
            if said.status:  # it is too late to say something else
                raise
            await _response(error, deadline.expired())(scope, receive, said)


def _response(error: Exception, late: bool) -> Response:
    if isinstance(error, BodyTooLarge):
        return problem.refused(TooLarge(error.detail))
    if late and isinstance(error, TimeoutError):
        return problem.unavailable("This took too long. Try again in a moment.")
    return problem.of_failure(error)


class BodyTooLarge(HTTPException):
    """An HTTPException, as FastAPI takes any other error while it reads a body for bad JSON."""

    def __init__(self, most: int) -> None:
        super().__init__(413, f"No more than {most} bytes are taken here. Send it in smaller parts.")


class _Body:
    """Passes on the body as it comes, and counts."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._bytes = 0

    def refuse_announced(self, scope: Scope) -> None:
        """Do not even begin to read what is said to be too large."""
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > self._most:
            raise BodyTooLarge(self._most)

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            if self._bytes > self._most:
                raise BodyTooLarge(self._most)
        return message


class _Said:
    """Passes on what is sent, and remembers the status."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
        await self._send(message)


def _observe(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    request_seconds.labels(scope["method"], route, status).observe(seconds)
    if status >= 400 or status == 0:
        taken = round(seconds * 1000, 1)
        log.info("request_refused", method=scope["method"], route=route, status=status, milliseconds=taken)


def _route(scope: Scope) -> str:
    """The template of the path: the path itself may hold anything, and be anything's label.

    FastAPI's route knows its path without the prefixes of the routers around it; its context knows all.
    """
    route: Any = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return str(getattr(route, "path_format", None) or getattr(route, "path", None) or "unmatched")
