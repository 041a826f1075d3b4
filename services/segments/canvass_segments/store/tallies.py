"""How many are in each segment, as differences: for one counter a segment, all batches would wait."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Float, Select, Text, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from canvass_segments.domain.model import Membership, SegmentKey
from canvass_segments.tables import segments, tallies

FOLD_FROM = 1_000
"""Differences that may gather: whoever lists segments adds them up."""

_TALLY = {"segment": Text(), "members": BigInteger()}


async def add(tx: Tx, changed: Sequence[Membership]) -> None:
    """Count who has entered and who has left."""
    counts: Counter[SegmentKey] = Counter()
    for one in changed:
        counts[one.segment] += 1 if one.member else -1
    if differences := [(segment, count) for segment, count in sorted(counts.items()) if count]:
        given = rows("given", _TALLY, differences)
        await tx.execute(insert(tallies).from_select(list(_TALLY), select(given)))


def seconds_until_due() -> Select[Any]:
    """Now, once there are too many."""
    kept, least = (select(func.count()).select_from(t).scalar_subquery() for t in (tallies, segments))
    return select(literal(0.0, Float)).where(kept > least + FOLD_FROM)


async def fold(tx: Tx) -> None:
    """Add up what has gathered: one difference a segment is left."""
    gone = delete(tallies).returning(tallies.c.segment, tallies.c.members).cte("gone")
    added = select(gone.c.segment, func.sum(gone.c.members).cast(BigInteger)).group_by(gone.c.segment)
    await tx.execute(insert(tallies).from_select(list(_TALLY), added))
