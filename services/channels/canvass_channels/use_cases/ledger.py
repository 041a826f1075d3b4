"""Deliveries move on, and what has come to an outcome is said, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from canvass_messaging.timers import wake
from canvass_runtime.db import Tx

from canvass_channels import announce
from canvass_channels.announce import Settled
from canvass_channels.domain.delivery import lapse, outcome
from canvass_channels.domain.model import Delivery, Wanted
from canvass_channels.store import deliveries
from canvass_channels.store.deliveries import Entry

SENDING = "sending"
"""The timer that sends what is due."""
LAPSE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Change:
    """How a delivery was when we looked, and how it is to be."""

    before: Delivery
    after: Delivery
    wanted: Wanted


async def plan(tx: Tx, entries: Sequence[Entry]) -> None:
    """Remember what is wanted, to be sent at once."""
    await deliveries.plan(tx, entries)
    wake(tx, SENDING)


async def move(tx: Tx, changes: Sequence[Change], now: datetime) -> set[UUID]:
    """Move deliveries on; returns the effects that have moved. What others have moved meanwhile is theirs."""
    if not changes:
        return set()
    moved = await deliveries.move(tx, [(change.before, change.after) for change in changes])
    settled = [
        Settled(change.after, change.wanted, said)
        for change in changes
        if change.after.effect_id in moved
        and (said := outcome(change.after)) is not None
        and said != outcome(change.before)
    ]
    await announce.settled(tx, settled, now)
    return moved


async def take_back_lapsed(tx: Tx, real_now: datetime, now: datetime) -> int:
    """What was claimed but not attempted is planned again; what was not answered is in doubt."""
    lapsed = await deliveries.lock_lapsed(tx, real_now, LAPSE_LIMIT)
    changes = [Change(one.delivery, lapse(one.delivery, real_now), one.wanted) for one in lapsed]
    await move(tx, changes, now)
    if any(change.after.state == "planned" for change in changes):
        wake(tx, SENDING)
    return len(changes)
