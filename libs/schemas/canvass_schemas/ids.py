"""Identifiers: one that is new and sorts by time, and one that saying a thing twice gives twice."""

import os
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1f8b1e-4a0c-5d0b-9a53-0c2f6f4b7d11")
"""Under which `derived` ids are made. Never changes: ids that lie in databases come from it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NS_IN_MS = 1_000_000


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562 §5.7) that sorts by the time it was made, to a quarter of a microsecond.

    It reads the real clock, never a turned one: partitions and retention of marks go by it. The fraction of
    the millisecond stands in `rand_a` (§6.2, method 3); 62 bits are random.
    """
    ms, ns = divmod(time.time_ns(), _NS_IN_MS)
    fraction = (ns << 12) // _NS_IN_MS
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=ms << 80 | 7 << 76 | fraction << 64 | 2 << 62 | chance)


def uuid7_time(value: UUID) -> datetime:
    """When a UUIDv7 was made: aware, UTC, to the millisecond.

    Raises ValueError for a UUID of another version, which holds no such time.
    """
    if value.version != 7:
        raise ValueError(f"{value} is not a UUIDv7: it does not say when it was made")
    return _EPOCH + timedelta(milliseconds=value.int >> 80)


def derived(*parts: UUID | str | int) -> UUID:
    """The id of what `parts` name together: the same parts in the same order give the same UUIDv5, always.

    `1` and `"1"` are the same part. Lengths stand before the parts, so that no two lists read alike.
    """
    texts = [str(part) for part in parts]
    return uuid5(NAMESPACE, "".join(f"{len(text)}:{text}" for text in texts))
