"""For how many contacts rules hold, by a query that may not take long."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_rules import Group
from canvass_runtime.db import Tx
from sqlalchemy import ARRAY, Select, Uuid, bindparam, func, select, text, true
from sqlalchemy.exc import DBAPIError

from canvass_segments.compile import Scope, judging
from canvass_segments.tables import contacts

SECONDS = 3.0
SAMPLED = 5_000
"""Contacts that an estimate is made from."""
SHOWN = 10

_QUERY_CANCELED = "57014"
_IDS = bindparam("ids", type_=ARRAY(Uuid))
_ABOUT = text("SELECT greatest(reltuples, 1)::float8 FROM pg_class WHERE oid = 'segments.contacts'::regclass")
_SOME = text(
    "SELECT contact_id FROM segments.contacts TABLESAMPLE SYSTEM (:percent)"
    " WHERE merged_into IS NULL LIMIT :most"
)


class TooSlow(Exception):
    """It would have taken longer than it may."""


@dataclass(frozen=True, slots=True)
class Preview:
    """For whom rules hold."""

    count: int
    total: int
    exact: bool
    sample: list[UUID]


async def count(tx: Tx, rules: Group, now: datetime) -> Preview:
    """Of all contacts. Raises TooSlow."""
    async with _within(tx, SECONDS):
        holding, total, sample = await _count(tx, rules, lambda _: true(), {"now": now})
    return Preview(holding, total, True, sample)


async def estimate(tx: Tx, rules: Group, now: datetime) -> Preview:
    """Of some contacts, wherever they lie, and about how many there are. Raises TooSlow."""
    async with _within(tx, SECONDS):
        about = await tx.scalar(_ABOUT)
        percent = min(100.0, 2 * 100 * SAMPLED / about)
        ids = await tx.scalars(_SOME, {"percent": percent, "most": SAMPLED})
        given = {"now": now, "ids": ids}
        holding, judged, sample = await _count(tx, rules, lambda id_: id_ == _IDS.any_(), given)
    return Preview(round(about * holding / max(judged, 1)), round(about), False, sample)


async def _count(tx: Tx, rules: Group, scope: Scope, given: dict[str, Any]) -> tuple[int, int, list[UUID]]:
    """How many the rules hold for, of how many, and some of them."""
    row = (await tx.execute(_counting(rules, scope), given)).one()
    return row.holding, row.total, row.sample or []


def _counting(rules: Group, scope: Scope) -> Select[int, int, Any]:
    alive = select(contacts.c.contact_id).where(
        contacts.c.merged_into.is_(None), scope(contacts.c.contact_id)
    )
    judged = judging([rules], scope).cte("judged")
    holding = select(judged.c.contact_id).where(judged.c.v0)
    shown = holding.limit(SHOWN).subquery("shown")
    return select(
        select(func.count()).select_from(holding.subquery()).scalar_subquery().label("holding"),
        select(func.count()).select_from(alive.subquery()).scalar_subquery().label("total"),
        select(func.array_agg(shown.c.contact_id)).scalar_subquery().label("sample"),
    )


@asynccontextmanager
async def _within(tx: Tx, seconds: float) -> AsyncGenerator[None]:
    """Raises TooSlow when a statement in here takes longer; what else is done in `tx` is untouched."""
    try:
        async with tx.savepoint():
            await tx.execute(text(f"SET LOCAL statement_timeout = {round(seconds * 1000)}"))
            yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _QUERY_CANCELED:
            raise
        raise TooSlow from error
