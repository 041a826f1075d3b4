"""Whose fault a failure is: the moment's, or the work's."""

from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from canvass_runtime.driver import InterfaceError


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed later, unchanged: nobody's fault but the moment's.

    Disconnects, no server, a standby, deadlocks, serialization failures, lock and pool timeouts,
    a full server.
    """
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (error.orig is not None and is_transient(error.orig))
    if isinstance(error, (NoConnectionFree, DisconnectionError, OSError, TimeoutError)):
        return True
    if error.__cause__ is not None and is_transient(error.__cause__):
        return True
    if isinstance(error, InterfaceError):
        return "closed" in str(error)  # asyncpg says no more than this of a connection that went away
    state: str = getattr(error, "sqlstate", None) or ""
    return state[:2] in _TRANSIENT_CLASSES or state in _TRANSIENT_STATES


_TRANSIENT_CLASSES = {"08", "53"}  # connection exceptions; insufficient resources
_TRANSIENT_STATES = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock timeout
    "57P01",  # the server is being shut down
    "57P02",  # it crashed
    "57P03",  # it is starting
    "25006",  # a standby, in a failover
    "25P03",  # idle in transaction for too long: we were stalled
}
