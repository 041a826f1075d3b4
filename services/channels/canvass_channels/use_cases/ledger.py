"""Deliveries move on, and what has come to an outcome is said, in one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from canvass_messaging.failpoints import failpoint
from canvass_messaging.timers import wake
from canvass_runtime.clock import Clock, monotonic
from canvass_runtime.db import Database, Tx, is_transient
from canvass_runtime.logs import describe

from canvass_channels import announce
from canvass_channels.announce import Settled
from canvass_channels.domain.delivery import lapse, outcome
from canvass_channels.domain.model import Delivery, Wanted
from canvass_channels.store import definitions, deliveries, shelf
from canvass_channels.store.ledger_rows import Entry
from canvass_channels.store.shelf import Shelved

SENDING = "sending"
"""The timer that sends what is due."""
LAPSE_LIMIT = 500
KEEP_TRYING_SECONDS = 60.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """How a delivery was when we looked, and how it is to be."""

    before: Delivery
    after: Delivery
    wanted: Wanted
    kept: Shelved | None = None
    """The message, if it goes into the built-in outbox."""
    gone: tuple[str, int] | None = None
    """A destination at a revision of which its receiver wants nothing more."""


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
    await _keep_aside(tx, [change for change in changes if change.after.effect_id in moved])
    return moved


async def _keep_aside(tx: Tx, moved: Sequence[Change]) -> None:
    """What comes with some moves, in the same transaction."""
    if kept := [change.kept for change in moved if change.kept and change.after.state == "accepted"]:
        await shelf.keep(tx, kept)
    if gone := dict(change.gone for change in moved if change.gone):
        await definitions.disable(tx, gone, "its receiver answered 410 Gone; PUT it again to go on")


async def move_for_sure(database: Database, lane: str, changes: Sequence[Change], clock: Clock) -> set[UUID]:
    """As `move`, in a transaction of its own.

    What was answered must not be forgotten: a fault of the moment is waited out, up to a minute.
    """
    give_up_at, pause = monotonic() + KEEP_TRYING_SECONDS, 0.05
    while True:
        try:
            async with database.transaction(lane) as tx:
                moved = await move(tx, changes, clock.now())
                if any(outcome(change.after) for change in changes):
                    failpoint("deliveries.before_settle")
        except Exception as error:
            if not is_transient(error) or monotonic() > give_up_at:
                raise
            _log.warning("ledger.again", error=describe(error))
            await asyncio.sleep(pause)
            pause = min(2 * pause, 2.0)
        else:
            return moved


async def take_back_lapsed(tx: Tx, real_now: datetime, now: datetime) -> int:
    """What was claimed but not attempted is planned again; what was not answered is in doubt."""
    lapsed = await deliveries.lock_lapsed(tx, real_now, LAPSE_LIMIT)
    changes = [Change(one.delivery, lapse(one.delivery, real_now), one.wanted) for one in lapsed]
    await move(tx, changes, now)
    if any(change.after.state == "planned" for change in changes):
        wake(tx, SENDING)
    return len(changes)
