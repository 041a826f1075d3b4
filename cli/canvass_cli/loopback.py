"""Asking a server on this machine by HTTP, past any proxy of the caller's shell."""

import http.client
import socket
from collections.abc import Mapping

_ANSWERS_WITHIN_SECONDS = 2.0


def status(port: int, path: str, headers: Mapping[str, str] | None = None) -> int | None:
    """The HTTP status of a GET; None when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_ANSWERS_WITHIN_SECONDS)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody takes connections on this port."""
    try:
        socket.create_connection((host, port), timeout=_ANSWERS_WITHIN_SECONDS).close()
    except OSError:
        return False
    return True
