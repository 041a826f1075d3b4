"""Memory of what is behind journeys: a row for each step."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import DateTime, SmallInteger, Text, Uuid, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from canvass_campaigns.domain.model import Journey
from canvass_campaigns.domain.signals import Passed
from canvass_campaigns.tables import passages

_COLUMNS = {
    "contact_id": Uuid(),
    "journey_id": Uuid(),
    "at": DateTime(timezone=True),
    "step": Text(),
    "arrived_at": DateTime(timezone=True),
    "happened_at": DateTime(timezone=True),
    "because": Uuid(),
    "visit": SmallInteger(),
    "outcome": Text(),
    "values": JSONB(none_as_null=True),
}


async def keep_passages(tx: Tx, passed: Sequence[tuple[Journey, Passed]]) -> None:
    """Remember these steps of these journeys."""
    if passed:
        given = rows("passed", _COLUMNS, [_row(journey, one) for journey, one in passed])
        await tx.execute(insert(passages).from_select(list(_COLUMNS), select(given)).on_conflict_do_nothing())


async def read_passages(tx: Tx, journey: Journey) -> list[Passed]:
    """What is behind a journey, in order."""
    query = (
        select(passages)
        .where(passages.c.contact_id == journey.contact_id, passages.c.journey_id == journey.id)
        .order_by(passages.c.at, passages.c.arrived_at, passages.c.step)
    )
    return [
        Passed(
            row.step,
            row.visit,
            row.arrived_at,
            row.at,
            row.outcome,
            row.because,
            row.happened_at,
            row.values,
        )
        for row in await tx.all(query)
    ]


async def hand_over(tx: Tx, moved: Iterable[tuple[Journey, UUID]]) -> None:
    """What is behind journeys goes with them to the contacts who walk them now."""
    given = rows(
        "moved",
        {"contact_id": Uuid(), "journey_id": Uuid(), "winner": Uuid()},
        [(journey.contact_id, journey.id, winner) for journey, winner in moved],
    )
    same = [passages.c[name] == given.c[name] for name in ("contact_id", "journey_id")]
    await tx.execute(update(passages).where(*same).values(contact_id=given.c.winner))


def _row(journey: Journey, passed: Passed) -> tuple[object, ...]:
    return (
        journey.contact_id,
        journey.id,
        passed.at,
        passed.step,
        passed.arrived_at,
        passed.happened_at,
        passed.because,
        passed.visit,
        passed.outcome,
        passed.values,
    )
