"""What is due in campaigns, and in how many seconds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_runtime.idempotency import KEPT
from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Float,
    Select,
    SQLColumnExpression,
    Uuid,
    bindparam,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from canvass_campaigns.domain.model import Journey
from canvass_campaigns.store import memory as remembered
from canvass_campaigns.store.journey_rows import journey_of
from canvass_campaigns.tables import campaigns, idempotency_keys, journeys, memory, messaging

SPEAKER = "tracking"
"""It says all behaviour: a decision that hears nothing of it knows nothing."""


@dataclass(frozen=True, slots=True)
class Due:
    """Journeys whose `column` is not after `until`; with `heard` only of contacts of whom all was heard."""

    column: Column[Any]
    until: datetime
    heard: bool = False

    def here(self) -> ColumnElement[bool]:
        """Whether a journey is due."""
        here = self.column <= self.until
        return here & ~_unheard if self.heard else here


_retries = messaging.retries
_unheard = exists().where(
    _retries.c.contact_id == journeys.c.contact_id,
    _retries.c.next_at.is_not(None),
    _retries.c.first_at <= journeys.c.decides_at,
    _retries.c.type.startswith(f"{SPEAKER}."),
)
"""Something that the contact did has failed to take effect, and is to be tried again."""


def waking(now: datetime) -> Due:
    """What waits for a time."""
    return Due(journeys.c.wakes_at, now)


def deciding(heard_through: datetime) -> Due:
    """What waits for behaviour, when all of that has been heard until then."""
    return Due(journeys.c.decides_at, heard_through, heard=True)


async def heard_through(tx: Tx) -> datetime | None:
    """Until when all behaviour has been heard; None while its speaker is silent."""
    return await tx.scalar(select(_heard_through()))


def _heard_through() -> SQLColumnExpression[Any]:
    marks = messaging.watermarks
    return select(marks.c.said_through).where(marks.c.speaker == SPEAKER).scalar_subquery()


def next_waking(now: datetime) -> Select[Any]:
    """In how many seconds the first journey of a published campaign should wake: a look a campaign."""
    first = _first(journeys.c.wakes_at)
    return select(_seconds_until(func.min(first), now)).where(campaigns.c.status == "published")


def next_deciding(now: datetime) -> Select[Any]:
    """As `next_waking`, of decisions: none is due before the speaker has said all until then."""
    first, present = _first(journeys.c.decides_at), literal(now, DateTime(timezone=True))
    heard = func.least(_heard_through(), present)
    seconds = func.extract("epoch", func.min(first) - heard).cast(Float)
    return select(seconds).where(campaigns.c.status == "published", _heard_through().is_not(None))


def _first(column: Column[Any]) -> SQLColumnExpression[Any]:
    return (
        select(column)
        .where(journeys.c.campaign == campaigns.c.key, column.is_not(None))
        .order_by(column)
        .limit(1)
        .scalar_subquery()
    )


def next_forgetting(now: datetime) -> Select[Any]:
    """In how many seconds the oldest answer to a repeated request may be forgotten."""
    return select(_seconds_until(func.min(idempotency_keys.c.asked_at) + KEPT, now))


def next_fading(_: datetime) -> Select[Any]:
    """In how many seconds, of real time, the oldest memory may be forgotten, with what came in a minute."""
    fades = func.min(memory.c.heard_at) + remembered.KEPT + remembered.AT_ONCE
    return select(func.extract("epoch", fades - func.now()).cast(Float))


def _seconds_until(at: SQLColumnExpression[Any], now: datetime) -> SQLColumnExpression[Any]:
    return func.extract("epoch", at - literal(now, DateTime(timezone=True))).cast(Float)


async def count_due(tx: Tx, due: Due, most: int) -> list[tuple[str, int]]:
    """The published campaigns with journeys that are due, and how many, counted up to `most`."""
    some = (
        select(due.column)
        .where(journeys.c.campaign == campaigns.c.key, due.here())
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


async def contacts_due(tx: Tx, campaign: str, due: Due, limit: int) -> list[UUID]:
    """Whose journeys are due, the longest due first. Nothing is locked yet: read them again."""
    query = (
        select(journeys.c.contact_id)
        .where(journeys.c.campaign == campaign, due.here())
        .order_by(due.column)
        .limit(limit)
    )
    return await tx.scalars(query)


async def read_due(tx: Tx, campaign: str, contact_ids: Collection[UUID], due: Due) -> list[Journey]:
    """The journeys of these contacts that are due."""
    query = select(journeys).where(
        journeys.c.contact_id == bindparam("ids", sorted(contact_ids), ARRAY(Uuid)).any_(),
        journeys.c.campaign == campaign,
        due.here(),
    )
    return [journey_of(row) for row in await tx.all(query)]
