"""The routes over a clock that may be turned; nobody has them where it may not."""

from datetime import datetime, timedelta
from typing import Annotated

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.clock import Clock
from canvass_runtime.errors import Conflict
from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from .tables import MessagingTables
from .turning import turn_all

FURTHEST = timedelta(days=3653)
"""How far ahead of the world it may be."""


class ClockView(BaseModel):
    """The present as this service sees it, and by how much it has been turned: PT4H."""

    now: datetime
    turned_by: timedelta

    @classmethod
    def of(cls, turned_by: timedelta) -> "ClockView":
        return cls(now=Clock().now() + turned_by, turned_by=turned_by)


class Turn(BaseModel):
    """How far to go on: PT4H, P3D. There is no way back."""

    by: Annotated[timedelta, Field(gt=timedelta(), le=timedelta(days=366))]


def clock_router(tables: MessagingTables) -> APIRouter:
    """`GET /clock` and `POST /clock` of one service."""
    router = APIRouter(prefix="/clock", tags=["operations"])

    @router.get("", dependencies=[Require("operations:read")])
    async def show_clock(tx: Transaction) -> ClockView:
        """The present as all processes of this service see it."""
        return ClockView.of(await tx.scalar(select(tables.clock.c.turned_by)) or timedelta())

    @router.post("", dependencies=[Require("operations:write")])
    async def turn_clock(turn: Turn, tx: Transaction) -> ClockView:
        """Turn the present of every process of this service. Turn all services, or they disagree."""
        turned_by = await turn_all(tx, tables.clock, turn.by)
        if turned_by > FURTHEST:
            raise Conflict(f"A clock may be {FURTHEST.days} days ahead at most.")
        return ClockView.of(turned_by)

    return router
