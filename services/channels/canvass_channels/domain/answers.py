"""What an answer means for the message. The table is all there is to it."""

from types import MappingProxyType
from typing import Literal, TypeAlias

from canvass_channels.domain.model import Answer, Stage

Meaning: TypeAlias = Literal["accepted", "deferred", "refused", "lost"]

GONE = 410
"""A receiver that says so wants no webhook ever again (Standard Webhooks)."""

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
        ("address", None): "refused",  # it leads where nothing may be sent
        ("provider", 2): "accepted",
        ("provider", 3): "deferred",  # we follow nobody elsewhere: the sender's URL is wrong
        ("provider", 4): "refused",
        ("provider", 401): "deferred",  # our own fault, as with a mail server
        ("provider", 408): "deferred",
        ("provider", 429): "deferred",
        ("provider", 5): "deferred",
        ("provider", None): "lost",
        ("receiver", 2): "accepted",
        ("receiver", 3): "deferred",
        ("receiver", 4): "deferred",  # receivers are often wrong about what is for ever
        ("receiver", GONE): "refused",
        ("receiver", 5): "deferred",
        ("receiver", None): "lost",
    }
)
"""By stage and the code, or its first digit (RFC 5321 §4.2.1, RFC 9110 §15)."""


def meaning(answer: Answer) -> Meaning:
    """A code that fits nowhere is no answer: the other side speaks something else."""
    digit = answer.code // 100 if answer.code is not None else None
    exact = _MEANINGS.get((answer.stage, answer.code))
    return exact or _MEANINGS.get((answer.stage, digit)) or _MEANINGS[answer.stage, None]
