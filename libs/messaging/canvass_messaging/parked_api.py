"""The routes over parked events, the same in every service."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import NotFound
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, status
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from . import parking
from .parking import Parked
from .tables import MessagingTables

Position = tuple[datetime, UUID]


class ParkedView(BaseModel):
    """An event that could not take effect, and why."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    lane: str
    type: str
    event_id: UUID | None
    contact_id: UUID | None
    error: str
    attempt: int
    first_at: datetime
    parked_at: datetime
    body: str
    """The wire message as text; bytes that are no text are shown escaped."""

    @classmethod
    def of(cls, parked: Parked) -> "ParkedView":
        body = parked.body.decode(errors="backslashreplace")
        shown = {name: getattr(parked, name) for name in cls.model_fields if name != "body"}
        return cls(**shown, body=body)


class Discard(BaseModel):
    """Why an event is given up."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True)] = Field(min_length=1, max_length=500)


def parked_router(tables: MessagingTables) -> APIRouter:
    """`GET /parked`, `POST /parked/{id}/replay` and `POST /parked/{id}/discard` of one service."""
    router = APIRouter(prefix="/parked", tags=["operations"])
    retries = tables.retries

    @router.get("", dependencies=[Require("operations:read")])
    async def list_parked(tx: Transaction, wanted: PageWanted) -> Page[ParkedView]:
        """Events that were given up on, the longest parked first."""
        found = await parking.read_parked(tx, retries, wanted.after(Position), wanted.fetch)
        return wanted.page([ParkedView.of(one) for one in found], lambda one: (one.parked_at, one.id))

    @router.post(
        "/{id}/replay",
        status_code=status.HTTP_202_ACCEPTED,
        dependencies=[Require("operations:write")],
    )
    async def replay_parked(id: UUID, tx: Transaction) -> None:  # noqa: A002 - the path's own word
        """Feed the event again within a second, with all its attempts before it."""
        if not await parking.replay(tx, retries, id):
            raise NotFound(f"Nothing is parked as {id}: list what is with GET /parked.")

    @router.post(
        "/{id}/discard",
        status_code=status.HTTP_204_NO_CONTENT,
        dependencies=[Require("operations:write")],
    )
    async def discard_parked(id: UUID, because: Discard, tx: Transaction) -> None:  # noqa: A002
        """Give the event up for good. It is kept, with the reason, and never fed again."""
        if not await parking.discard(tx, retries, id, because.reason):
            raise NotFound(f"Nothing is parked as {id}: list what is with GET /parked.")

    return router
