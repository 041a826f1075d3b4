"""Connections of HTTP over asyncio's own streams: half the work of httpcore's, which go by way of anyio.

Reading and writing have no time limits of their own: whoever calls has one for the whole.
"""

import asyncio
import ssl
from typing import Any

from httpcore2 import AsyncNetworkStream, ConnectError, ConnectTimeout, ReadError, WriteError

LARGEST_UNSENT = 65_536


class Stream(AsyncNetworkStream):
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._unsent = b""

    @classmethod
    async def connect(cls, address: str, port: int, seconds: float | None) -> "Stream":
        """Raises ConnectError or ConnectTimeout."""
        try:
            async with asyncio.timeout(seconds):
                return cls(*await asyncio.open_connection(address, port))
        except TimeoutError as error:
            raise ConnectTimeout(f"no connection to {address} port {port} within {seconds} s") from error
        except OSError as error:
            raise ConnectError(str(error)) from error

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        """Empty at the end. Raises ReadError."""
        try:
            await self._flush()
            return await self._reader.read(max_bytes)
        except OSError as error:
            raise ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        """A small request leaves whole, when its answer is waited for. Raises WriteError."""
        self._unsent += buffer
        if len(self._unsent) < LARGEST_UNSENT:
            return
        try:
            await self._flush()
        except OSError as error:
            raise WriteError(str(error)) from error

    async def _flush(self) -> None:
        if self._unsent:
            unsent, self._unsent = self._unsent, b""
            self._writer.write(unsent)
            await self._writer.drain()

    async def aclose(self) -> None:
        """At once: nothing that matters is under way."""
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> AsyncNetworkStream:
        """The same connection, encrypted. Raises ConnectError or ConnectTimeout."""
        try:
            async with asyncio.timeout(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except TimeoutError as error:
            await self.aclose()
            raise ConnectTimeout(f"no TLS within {timeout} s") from error
        except OSError as error:  # of which all errors of TLS are some
            await self.aclose()
            raise ConnectError(str(error)) from error
        return self

    def get_extra_info(self, info: str) -> Any:
        """`is_readable`: an idle connection on which something has come was ended by the other side."""
        if info == "is_readable":
            return self._reader.at_eof() or self._writer.transport.is_closing()
        return self._writer.get_extra_info(info)
