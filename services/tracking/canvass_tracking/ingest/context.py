"""Around an event: the batch's own context below that of the event, and what only the server knows."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from canvass_tracking.ingest.caller import Caller

MAX_IP = 45
"""Characters of the longest address."""


def joined(own: Mapping[str, Any] | None, shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """The context of an event: what it says itself counts before what its batch says."""
    if not shared:
        return own or {}
    return {**shared, **own} if own else shared


def kept(context: Mapping[str, Any], caller: Caller) -> Mapping[str, Any] | None:
    """What is kept of it: `ip` and `privacy`, of which either may be missing; None for nothing.

    The sender's own `ip` counts. Else it is that of the request where the contact itself has sent it: from a
    browser, or as `direct` says. A server's address is nobody's.
    """
    stated = context.get("ip")
    if type(stated) is str and is_address(stated):
        ip = stated
    else:
        ip = caller.ip if caller.is_browser or context.get("direct") is True else None
    if ip is None:
        return {"privacy": caller.privacy} if caller.privacy else None
    return {"ip": ip, "privacy": caller.privacy} if caller.privacy else {"ip": ip}


def is_address(text: str) -> bool:
    """Whether it is one of IPv4 or IPv6."""
    if len(text) > MAX_IP:
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text
