"""Deliveries: each message to each contact, and where it stands."""

from dataclasses import asdict
from datetime import datetime
from typing import Self
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import NotFound
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from canvass_channels.domain.model import MessageClass, State
from canvass_channels.store import deliveries
from canvass_channels.store.ledger_rows import Standing

router = APIRouter(tags=["deliveries"], dependencies=[Require("deliveries:read")])


class DeliveryView(BaseModel):
    """One message to one contact, or about one."""

    model_config = ConfigDict(from_attributes=True)

    effect_id: UUID
    contact_id: UUID
    channel: str
    message_class: MessageClass
    state: State
    reason: str | None
    """Why it is where it is."""
    attempts: int
    due_at: datetime | None
    """When it is to be sent, while it is planned."""
    provider_id: str | None
    """What the provider calls it; `outbox` for what was kept in the built-in outbox."""
    wanted_by: str
    """`campaigns`, `points` or `tracking`."""
    template: str | None
    destination: str | None
    campaign: str | None
    version: int | None
    journey_id: UUID | None
    step: str | None
    visit: int | None
    trigger: str | None
    form: str | None
    planned_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """As the ledger has it."""
        delivery, wanted = asdict(standing.entry.delivery), asdict(standing.entry.wanted)
        if delivery["state"] != "planned":
            delivery["due_at"] = None
        return cls.model_validate(delivery | wanted | {"changed_at": standing.changed_at})


@router.get("/deliveries")
async def list_deliveries(contact_id: UUID, tx: Transaction, wanted: PageWanted) -> Page[DeliveryView]:
    """A contact's messages, the youngest first."""
    before = wanted.after(tuple[datetime, UUID])
    found = await deliveries.list_deliveries(tx, contact_id, before, wanted.fetch)
    return wanted.page([DeliveryView.of(one) for one in found], lambda one: (one.planned_at, one.effect_id))


@router.get("/deliveries/{effect_id}")
async def get_delivery(effect_id: UUID, tx: Transaction) -> DeliveryView:
    """One message: where it stands, and why."""
    found = await deliveries.read_delivery(tx, effect_id)
    if found is None:
        raise NotFound(f"There is no delivery {effect_id}.")
    return DeliveryView.of(found)
