"""Memory of who has set off which triggers. Contacts are locked by whoever calls."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Text, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert

from canvass_points.domain.model import Crossing, TriggerKey
from canvass_points.tables import fired

_FIRED = {"contact_id": Uuid(), "trigger": Text(), "score_revision": BigInteger()}


async def keep(tx: Tx, crossings: Sequence[Crossing]) -> set[tuple[UUID, TriggerKey]]:
    """Remember for ever who has set off what; returns those of them that are new."""
    values = [(one.contact_id, one.trigger.key, one.revision) for one in crossings]
    adding = insert(fired).from_select(list(_FIRED), select(rows("given", _FIRED, values)))
    new = adding.on_conflict_do_nothing().returning(fired.c.contact_id, fired.c.trigger)
    return {(row.contact_id, row.trigger) for row in await tx.all(new)}


async def unite(tx: Tx, merges: Mapping[UUID, UUID]) -> None:
    """What the keys have set off, the values have."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges.items()))
    leaving = delete(fired).where(fired.c.contact_id == pairs.c.loser)
    left = leaving.returning(pairs.c.winner, fired.c.trigger, fired.c.score_revision).cte("left_behind")
    await tx.execute(insert(fired).from_select(list(_FIRED), select(left)).on_conflict_do_nothing())
