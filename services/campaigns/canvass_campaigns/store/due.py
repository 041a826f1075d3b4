"""What is due in campaigns, and in how many seconds."""

from datetime import datetime
from typing import Any

from canvass_runtime.db import Tx
from canvass_runtime.idempotency import KEPT
from sqlalchemy import DateTime, Float, Select, SQLColumnExpression, func, literal, select, true

from canvass_campaigns.tables import campaigns, idempotency_keys, journeys


def next_waking(now: datetime) -> Select[Any]:
    """In how many seconds the first journey of a published campaign should wake: a look a campaign."""
    first = (
        select(journeys.c.wakes_at)
        .where(journeys.c.campaign == campaigns.c.key, journeys.c.wakes_at.is_not(None))
        .order_by(journeys.c.wakes_at)
        .limit(1)
        .lateral("first")
    )
    published = select(_seconds_until(func.min(first.c.wakes_at), now)).select_from(
        campaigns.join(first, true())
    )
    return published.where(campaigns.c.status == "published")


def next_forgetting(now: datetime) -> Select[Any]:
    """In how many seconds the oldest answer to a repeated request may be forgotten."""
    return select(_seconds_until(func.min(idempotency_keys.c.asked_at) + KEPT, now))


def _seconds_until(at: SQLColumnExpression[Any], now: datetime) -> SQLColumnExpression[Any]:
    return func.extract("epoch", at - literal(now, DateTime(timezone=True))).cast(Float)


async def count_due(tx: Tx, now: datetime, most: int) -> list[tuple[str, int]]:
    """The published campaigns with journeys that should wake by now, and how many, counted up to `most`."""
    some = (
        select(journeys.c.wakes_at)
        .where(journeys.c.campaign == campaigns.c.key, journeys.c.wakes_at <= now)
        .limit(most)
        .lateral("some")
    )
    query = (
        select(campaigns.c.key, func.count())
        .select_from(campaigns.join(some, true()))
        .where(campaigns.c.status == "published")
        .group_by(campaigns.c.key)
        .order_by(campaigns.c.key)
    )
    return [(row[0], row[1]) for row in await tx.all(query)]
