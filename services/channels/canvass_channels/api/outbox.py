"""The built-in outbox: what was sent while there was no sender, to be looked at."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import NotFound
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter
from pydantic import BaseModel, Field

from canvass_channels.store import shelf
from canvass_channels.store.shelf import Found

router = APIRouter(tags=["outbox"], dependencies=[Require("deliveries:read")])


class KeptMessage(BaseModel):
    """A message that went nowhere else."""

    id: UUID
    """The delivery's effect id; a test has one of its own."""
    kept_at: datetime
    contact_id: UUID | None
    channel: str
    template: str | None
    to: list[str] = Field(validation_alias="recipients")
    subject: str


class WholeKeptMessage(KeptMessage):
    """Such a message with all that it says."""

    text: str
    html: str | None
    headers: dict[str, str]
    """Beside those that every e-mail has."""


def _values(found: Found) -> dict[str, Any]:
    return asdict(found.message) | {"kept_at": found.kept_at}


@router.get("/outbox")
async def list_outbox(tx: Transaction, wanted: PageWanted) -> Page[KeptMessage]:
    """What was kept here, the youngest first. It is thrown away after 30 days."""
    found = await shelf.newest(tx, wanted.after(tuple[datetime, UUID]), wanted.fetch)
    return wanted.page(
        [KeptMessage.model_validate(_values(one)) for one in found], lambda one: (one.kept_at, one.id)
    )


@router.get("/outbox/{message_id}")
async def get_kept_message(message_id: UUID, tx: Transaction) -> WholeKeptMessage:
    """One message that was kept here. Show its HTML in a frame without scripts."""
    found = await shelf.read(tx, message_id)
    if found is None:
        raise NotFound(f"There is no message {message_id} in the outbox.")
    return WholeKeptMessage.model_validate(_values(found))
