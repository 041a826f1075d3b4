"""Messages that go by HTTP: one POST each, over kept connections, within limits of time and size."""

import asyncio
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

import httpcore2
from canvass_runtime.clock import Clock

from canvass_channels.domain.model import Answer

from .reach import Guarded, Reach, Unallowed

CONNECT_SECONDS = 5.0
IDLE_SECONDS = 20.0
BODY_SECONDS = 5.0
LARGEST_ANSWER = 65_536
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]+")
_NOTHING_LEFT = (httpcore2.ConnectError, httpcore2.ConnectTimeout, httpcore2.PoolTimeout)
_UNDER_WAY = (
    httpcore2.ReadError,
    httpcore2.ReadTimeout,
    httpcore2.WriteError,
    httpcore2.WriteTimeout,
    httpcore2.RemoteProtocolError,
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and what its answer says. `read` makes that of the answer's status and body."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    stage: Literal["provider", "receiver"]
    read: Callable[[int, bytes], Answer]


class Caller:
    """The connections of one process to all whom it calls. It follows no redirects and asks no proxy."""

    def __init__(self, reach: Reach, answer_seconds: float) -> None:
        self._reach = reach
        self._seconds = answer_seconds
        self._pool: httpcore2.AsyncConnectionPool | None = None

    async def send(self, call: Call) -> Answer:
        """Whatever happens is an answer. From the first byte of the request on it may have been taken."""
        try:
            self._reach.check_url(call.url)
            return await self._post(call)
        except Unallowed as unallowed:
            return Answer("address", None, str(unallowed))
        except _NOTHING_LEFT as error:
            return Answer("session", None, _words(error))
        except (httpcore2.LocalProtocolError, httpcore2.UnsupportedProtocol) as error:
            return Answer("address", None, _words(error))
        except (*_UNDER_WAY, TimeoutError, OSError) as error:
            return Answer(call.stage, None, _words(error))

    async def _post(self, call: Call) -> Answer:
        seconds = {"connect": CONNECT_SECONDS, "pool": CONNECT_SECONDS}
        headers = [(name.encode(), value.encode()) for name, value in call.headers.items()]
        calling = self._connections().stream(
            "POST", call.url, headers=headers, content=call.body, extensions={"timeout": seconds}
        )
        async with AsyncExitStack() as stack:
            async with asyncio.timeout(self._seconds + CONNECT_SECONDS):
                response = await stack.enter_async_context(calling)
            told = {name.lower(): value for name, value in response.headers}
            answer = call.read(response.status, await _beginning(response))
        wait = _seconds_of(told.get(b"retry-after", b"").decode("latin-1"))
        return Answer(answer.stage, answer.code, answer.text, answer.provider_id, wait)

    def _connections(self) -> httpcore2.AsyncConnectionPool:
        if self._pool is None:
            self._pool = httpcore2.AsyncConnectionPool(
                ssl_context=ssl.create_default_context(),
                max_connections=200,
                max_keepalive_connections=100,
                keepalive_expiry=IDLE_SECONDS,
                network_backend=Guarded(self._reach),
            )
        return self._pool

    async def close(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            await self._pool.aclose()
            self._pool = None


async def _beginning(response: httpcore2.Response) -> bytes:
    """As much of the body as comes in good time: the status has said what matters."""
    body = b""
    with suppress(httpcore2.ReadError, httpcore2.RemoteProtocolError, TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            async for part in response.aiter_stream():
                body += part
                if len(body) >= LARGEST_ANSWER:
                    break
    return body[:LARGEST_ANSWER]


def _seconds_of(retry_after: str) -> float:
    """How long `Retry-After` asks to wait, as a number or as a date; 0 when it does not."""
    if retry_after.isdecimal():
        return float(retry_after[:9])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - Clock().now()).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def words(text: str) -> str:
    """What another side said, fit to be kept and shown."""
    return _CONTROLS.sub(" ", text).strip()[:300]


def _words(error: BaseException) -> str:
    return words(str(error) or type(error).__name__)
