"""What a contact has said about being written to by one channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

ConsentStatus: TypeAlias = Literal["subscribed", "unsubscribed"]


@dataclass(frozen=True, slots=True)
class Consent:
    """`reason` tells how it was said; `revision` grows with each change."""

    status: ConsentStatus
    reason: str
    revision: int
    changed_at: datetime


def changed(known: Consent | None, status: ConsentStatus, reason: str, now: datetime) -> Consent | None:
    """What holds from now on; None when it has held already."""
    if known is not None and known.status == status:
        return None
    return Consent(status, reason, (known.revision if known else 0) + 1, now)


def united(winner: Consent | None, loser: Consent, now: datetime) -> Consent | None:
    """What holds of two contacts that were one person: whoever has unsubscribed once has unsubscribed.

    None when nothing changes for the one that lives on.
    """
    if winner is None:
        return Consent(loser.status, loser.reason, loser.revision + 1, now)
    if loser.status in (winner.status, "subscribed"):
        return None
    return Consent("unsubscribed", loser.reason, max(winner.revision, loser.revision) + 1, now)
