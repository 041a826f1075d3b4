"""Which addresses may be called: the whole internet, and nothing behind our own doors."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any
from urllib.parse import urlsplit

from httpcore2 import AsyncNetworkBackend, AsyncNetworkStream, ConnectError

from .streams import Stream

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_FOR_US = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # protocol assignments, of which Python takes some for global
            "192.88.99.0/24",  # 6to4 relays
            "64:ff9b::/96",  # NAT64: an IPv4 address inside, of any kind
            "64:ff9b:1::/48",
            "2001::/32",  # Teredo
            "2002::/16",  # 6to4: likewise
            "fec0::/10",  # site-local
            "::/96",  # IPv4-compatible
        ),
    )
)


class Unallowed(Exception):
    """It leads where nothing may be sent. The text says where, and what to do."""


class Reach:
    """Who may be called. Networks that are `allowed` may be, whatever they are."""

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def allows(self, address: Address) -> bool:
        """Whether connections to this address may be made."""
        address = getattr(address, "ipv4_mapped", None) or address
        if _is_in(address, self._allowed):
            return True
        return address.is_global and not address.is_multicast and not _is_in(address, _NOT_FOR_US)

    def check_url(self, url: str) -> None:
        """What can be seen of a URL without asking anybody. Raises Unallowed."""
        if not (url.isascii() and url.isprintable()) or " " in url:
            raise Unallowed("must have no spaces, line breaks or letters beyond ASCII in it")
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise Unallowed("is not a URL such as https://example.com/hook") from None
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            raise Unallowed("must be as https://example.com/hook, without a name and password in it")
        address = _literal(host)
        if address is not None and not self.allows(address):
            raise Unallowed(_refusal(host))

    async def resolve(self, host: str, port: int) -> str:
        """The address of a host that may be called. Raises Unallowed, or OSError when there is no host."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for _, _, _, _, place in found:
            if self.allows(ipaddress.ip_address(str(place[0]).partition("%")[0])):
                return str(place[0])
        raise Unallowed(_refusal(host))


def _refusal(host: str) -> str:
    return (
        f"{host[:200]} is a private address, and nothing is sent there: use a public one, or have its network"
        " named in CHANNELS_ALLOW_PRIVATE_ADDRESSES"
    )


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def _literal(host: str) -> Address | None:
    """The address that a host is written as, in any way that resolvers take: `127.1`, `0x7f000001`."""
    if host.rstrip(".").endswith("localhost"):
        return IPv4Address("127.0.0.1")
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, ValueError):
        return None


class Guarded(AsyncNetworkBackend):
    """Connects to the very address that was looked at: a name that changes meanwhile leads nowhere else.

    The name itself stays what TLS asks for, and the Host header.
    """

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> AsyncNetworkStream:
        """Raises Unallowed; else as httpcore does."""
        try:
            async with asyncio.timeout(timeout):
                address = await self._reach.resolve(host, port)
        except (OSError, UnicodeError) as error:  # of which TimeoutError is one
            raise ConnectError(f"{host[:200]}: {error or 'no answer from the name server'}") from error
        return await Stream.connect(address, port, timeout)
