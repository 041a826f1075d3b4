"""A mark for every wire message that took effect, so that it takes effect once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from canvass_runtime.db import Tx, rows
from canvass_schemas.ids import uuid7_time
from sqlalchemy import Date, Table, Uuid, select
from sqlalchemy.dialects.postgresql import insert

KEPT_DAYS = 14
"""Marks are dropped with their day after this; an older message cannot be told from a repeat."""

_COLUMNS = {"day": Date(), "message_id": Uuid()}


async def mark(tx: Tx, inbox: Table, message_ids: Sequence[UUID]) -> set[UUID]:
    """Mark messages as having taken effect in this transaction; returns those that were not marked before.

    Waits for a transaction that is marking one of the same messages at this moment, and learns how it ended.
    """
    marks = rows("marks", _COLUMNS, [(uuid7_time(id_).date(), id_) for id_ in sorted(set(message_ids))])
    inserting = insert(inbox).from_select(list(_COLUMNS), select(marks)).on_conflict_do_nothing()
    return set(await tx.scalars(inserting.returning(inbox.c.message_id)))


def is_too_old(message_id: UUID, now: datetime) -> bool:
    """Whether the mark of the message may have been dropped already."""
    return uuid7_time(message_id) < now - timedelta(days=KEPT_DAYS)
