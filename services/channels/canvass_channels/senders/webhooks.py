"""Webhooks signed as Standard Webhooks says (https://www.standardwebhooks.com)."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from binascii import Error
from datetime import datetime

from canvass_channels.domain.model import Answer

from .calls import Call, words
from .headers import Unsendable

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret."""


def new_secret() -> str:
    """A secret for a destination that brings none."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


def read_secret(secret: str) -> bytes:
    """The bytes of a secret. Raises Unsendable."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (Error, ValueError):
        key = b""
    if not (secret.startswith(PREFIX) and SHORTEST <= len(key) <= LONGEST):
        raise Unsendable(f"must be {PREFIX} and {SHORTEST} to {LONGEST} random bytes in base64")
    return key


def signature(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    signed = f"{id_}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(read_secret(secret), signed, hashlib.sha256)).decode()


def webhook(url: str, secret: str, id_: str, body: bytes, now: datetime) -> Call:
    """One webhook. `id_` is the same however often it is sent; the time is that of this attempt."""
    timestamp = int(now.timestamp())
    return Call(
        url=url,
        headers={
            "Content-Type": "application/json",
            "User-Agent": "Canvass",
            "webhook-id": id_,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(secret, id_, timestamp, body),
        },
        body=body,
        stage="receiver",
        read=_read,
    )


def _read(status: int, body: bytes) -> Answer:
    return Answer("receiver", status, words(body[:200].decode("utf-8", "replace")))
