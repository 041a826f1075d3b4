"""What is due in channels, and in how many seconds, by real time."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, Select, func, select

from canvass_channels.tables import PLANNED, deliveries


def next_sending(_: datetime) -> Select[Any]:
    """In how many seconds something is to be sent."""
    return select(_seconds_until(func.least(*(_soonest(lane) for lane in ("live", "bulk")))))


def _soonest(lane: str) -> Any:
    planned = PLANNED & (deliveries.c.lane == lane)
    return select(func.min(deliveries.c.due_at)).where(planned).scalar_subquery()


def next_lapse(_: datetime) -> Select[Any]:
    """In how many seconds the first lease runs out."""
    return select(_seconds_until(func.min(deliveries.c.lease_until)))


def _seconds_until(at: Any) -> Any:
    return func.extract("epoch", at - func.now()).cast(Float)
