"""What may come in, and what is said of what may not."""

from dataclasses import dataclass

MAX_EVENT_BYTES = 32 * 1024
MAX_EVENTS = 2500
MAX_MESSAGE_ID = 99
MAX_ID = 255
"""Characters of a user id or an anonymous id."""
MAX_NAME = 255
MAX_PATH = 2000
MAX_DEPTH = 32
MAX_KEYS = 1000
"""Of an event's properties or traits, at all depths together."""


class Rejected(Exception):
    """One event cannot be taken; the others of its request can."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True, order=True)
class Rejection:
    """Which event of a request was not taken, and why."""

    index: int
    code: str
    message: str


class Refused(Exception):
    """The whole request is answered with `status`, in the form that SDKs read: `{"code", "message"}`.

    They drop what is refused with 4xx, and send it again after 429 and 5xx.
    """

    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after = retry_after


def overloaded() -> Refused:
    """More comes in than can be kept: later."""
    return Refused(429, "overloaded", "Too much is coming in. Send this again later.", retry_after=2)


def unavailable() -> Refused:
    """Nothing can be kept just now: later."""
    return Refused(503, "unavailable", "This cannot be kept just now. Send it again later.", retry_after=5)


def too_large(limit: int) -> Refused:
    """The body is larger, or unpacks to more, than a request may be."""
    return Refused(
        413, "request_too_large", f"A request is at most {limit} bytes, unpacked. Send less at once."
    )
