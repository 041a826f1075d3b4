"""What an SMTP answer means for the message. The table is all there is to it."""

from types import MappingProxyType
from typing import Literal, TypeAlias

from canvass_channels.domain.model import Answer, Stage

Meaning: TypeAlias = Literal["accepted", "deferred", "refused", "lost"]

_MEANINGS: MappingProxyType[tuple[Stage, int | None], Meaning] = MappingProxyType(
    {
        ("session", 4): "deferred",
        ("session", 5): "deferred",  # a wrong password is our own fault: no message is lost for it
        ("session", None): "deferred",
        ("envelope", 4): "deferred",
        ("envelope", 5): "refused",
        ("envelope", None): "deferred",  # the message had not begun: it cannot have been taken
        ("message", 2): "accepted",
        ("message", 4): "deferred",
        ("message", 5): "refused",
        ("message", None): "lost",  # taken or not: the answer went astray
    }
)
"""By stage and the first digit of the code (RFC 5321 §4.2.1)."""


def meaning(answer: Answer) -> Meaning:
    """A code that fits nowhere is no answer: the other side does not speak SMTP."""
    digit = answer.code // 100 if answer.code is not None else None
    return _MEANINGS.get((answer.stage, digit)) or _MEANINGS[answer.stage, None]
