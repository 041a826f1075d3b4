"""Memory of what contacts did lately, should they prove to have entered a campaign before it."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import DateTime, Text, Uuid, bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_campaigns.domain.signals import Heard
from canvass_campaigns.tables import memory

KEPT = timedelta(minutes=15)
AT_ONCE = timedelta(minutes=1)
"""It is forgotten by the minute."""

Remembered = tuple[UUID, str, str, UUID, datetime]
"""A contact, a campaign and a step of it, the event that this step listens for, and when it happened."""

_COLUMNS = {
    "contact_id": Uuid(),
    "campaign": Text(),
    "step": Text(),
    "event_id": Uuid(),
    "at": DateTime(timezone=True),
}


async def remember(tx: Tx, done: Collection[Remembered]) -> None:
    """Keep this for a quarter of an hour."""
    if done:
        given = rows("done", _COLUMNS, sorted(done))
        inserting = insert(memory).from_select(list(_COLUMNS), select(given))
        await tx.execute(inserting.on_conflict_do_nothing())


async def recall(tx: Tx, of: Collection[tuple[UUID, str]]) -> Mapping[tuple[UUID, str], list[Heard]]:
    """What these contacts did that these campaigns listen for, in the order of its times."""
    wanted = rows("wanted", {"contact_id": Uuid(), "campaign": Text()}, sorted(of))
    same = (memory.c.contact_id == wanted.c.contact_id) & (memory.c.campaign == wanted.c.campaign)
    query = select(memory).join(wanted, same).order_by(memory.c.at, memory.c.event_id, memory.c.step)
    found: dict[tuple[UUID, str], list[Heard]] = {}
    for row in await tx.all(query):
        heard = Heard((row.step,), row.at, row.event_id)
        found.setdefault((row.contact_id, row.campaign), []).append(heard)
    return found


async def hand_over(tx: Tx, merges: Mapping[UUID, UUID]) -> None:
    """What the losers (the keys) did, the winners have done. Some of it may be known of them, too."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges.items()))
    query = select(pairs.c.winner, *(memory.c[name] for name in _COLUMNS if name != "contact_id"))
    copied = query.join(pairs, memory.c.contact_id == pairs.c.loser)
    await tx.execute(insert(memory).from_select(list(_COLUMNS), copied).on_conflict_do_nothing())
    losers = bindparam("ids", sorted(merges), ARRAY(Uuid)).any_()
    await tx.execute(delete(memory).where(memory.c.contact_id == losers))


async def forget_old(tx: Tx) -> int:
    """By real time: the races that this is for are lost and won in real time. Returns how many."""
    return (await tx.execute(delete(memory).where(memory.c.heard_at < func.now() - KEPT))).rowcount
