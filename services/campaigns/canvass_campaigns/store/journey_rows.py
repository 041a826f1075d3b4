"""A journey as a row, and a row as a journey."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Integer, Row, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from canvass_campaigns.domain.model import Journey, Position

KEY = ("contact_id", "campaign", "entry")
COLUMNS = {
    "contact_id": Uuid(),
    "campaign": Text(),
    "entry": Integer(),
    "journey_id": Uuid(),
    "version": Integer(),
    "positions": JSONB(),
    "visits": JSONB(),
    "seen": JSONB(),
    "settled": JSONB(),
    "missed": JSONB(),
    "wakes_at": DateTime(timezone=True),
    "decides_at": DateTime(timezone=True),
    "began_by": Uuid(),
    "began_at": DateTime(timezone=True),
    "ended_at": DateTime(timezone=True),
    "end_reason": Text(),
}


def row_of(journey: Journey) -> tuple[Any, ...]:
    """In the order of `COLUMNS`."""
    return (
        journey.contact_id,
        journey.campaign,
        journey.entry,
        journey.id,
        journey.version,
        [_written(at) for at in journey.open],
        journey.visits,
        {step: [(at.isoformat(), str(id_)) for at, id_ in seen] for step, seen in journey.seen.items()},
        {step: at.isoformat() for step, at in journey.settled.items()},
        {step: [at.isoformat() for at in times] for step, times in journey.missed.items()},
        journey.wakes_at,
        journey.decides_at,
        journey.began_by,
        journey.began_at,
        journey.ended_at,
        journey.end,
    )


def journey_of(row: Row[Any]) -> Journey:
    """As it was kept."""
    return Journey(
        id=row.journey_id,
        contact_id=row.contact_id,
        campaign=row.campaign,
        version=row.version,
        entry=row.entry,
        open=tuple(_position(row.began_at, *position) for position in row.positions),
        visits=row.visits,
        seen={
            step: tuple((datetime.fromisoformat(at), UUID(id_)) for at, id_ in seen)
            for step, seen in row.seen.items()
        },
        settled={step: datetime.fromisoformat(at) for step, at in row.settled.items()},
        missed={step: _two(map(datetime.fromisoformat, times)) for step, times in row.missed.items()},
        began_by=row.began_by,
        began_at=row.began_at,
        ended_at=row.ended_at,
        end=row.end_reason,
    )


def _written(at: Position) -> list[object]:
    times = (at.wakes_at, at.deadline, at.arrived_at, at.since)
    return [at.step, at.visit, *(time and time.isoformat() for time in times)]


def _position(began_at: datetime, step: str, visit: int, *times: str | None) -> Position:
    """Journeys that were kept by an earlier release know of nothing but when they wake."""
    wakes_at, deadline, arrived_at, since = (*map(_time, times), *(None,) * (4 - len(times)))
    return Position(step, visit, arrived_at or began_at, since or began_at, wakes_at, deadline)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _two(times: Iterable[datetime]) -> tuple[datetime, datetime]:
    first, second = times
    return first, second
