"""What judging has found becomes memberships, said to everybody, and times at which to judge again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_segments import announce
from canvass_segments.domain.model import SegmentKey, Turn, Verdict
from canvass_segments.store import memberships, reviews

Reasons = Mapping[tuple[UUID, SegmentKey], Fact[Any]]
"""What the verdict about a contact in a segment changed by, if it was a fact."""


async def settle(tx: Tx, verdicts: Sequence[Verdict], reasons: Reasons, now: datetime) -> None:
    """Keep verdicts and say what they change: as of the reason's time, or now where time itself is one."""
    turns = [_turn(one, reasons, now) for one in verdicts if one.turned]
    if turns:
        await announce.changed(tx, await memberships.keep(tx, turns), reasons)
    due = [one for one in verdicts if one.next_at]
    if due:
        await reviews.keep(tx, due)


def _turn(verdict: Verdict, reasons: Reasons, now: datetime) -> Turn:
    reason = reasons.get((verdict.contact_id, verdict.segment))
    return Turn(verdict.contact_id, verdict.segment, verdict.member, reason.time if reason else now)
