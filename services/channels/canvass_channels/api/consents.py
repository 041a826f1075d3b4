"""Consents: whether a contact may be written to."""

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from canvass_runtime.app import Now, Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import NotFound
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from canvass_channels.domain.consent import ConsentStatus
from canvass_channels.store import consents, contacts
from canvass_channels.store.consents import Standing
from canvass_channels.use_cases import consenting
from canvass_channels.use_cases.consenting import Saying

router = APIRouter(tags=["consents"])

Channel = Literal["email", "sms"]


class ConsentDocument(BaseModel):
    """What is to hold."""

    model_config = ConfigDict(extra="forbid")

    status: ConsentStatus


class ConsentView(BaseModel):
    """Whether marketing may be sent by a channel."""

    channel: str
    status: ConsentStatus
    reason: str | None
    """How it was said: `one_click`, `page`, `api`; none when nothing was said yet."""
    changed_at: datetime | None


class ConsentsView(BaseModel):
    """All channels of one contact."""

    items: list[ConsentView]


@router.get("/contacts/{contact_id}/consents", dependencies=[Require("consents:read")])
async def list_consents(contact_id: UUID, tx: Transaction) -> ConsentsView:
    """What a contact has said of each channel. Who has said nothing may be written to."""
    said = {one.channel: one for one in await consents.read(tx, [contact_id])}
    silent = {
        channel: ConsentView(channel=channel, status="subscribed", reason=None, changed_at=None)
        for channel in get_args(Channel)
    }
    return ConsentsView(
        items=[_view(said[channel]) if channel in said else view for channel, view in silent.items()]
    )


@router.put("/contacts/{contact_id}/consents/{channel}", dependencies=[Require("consents:write")])
async def put_consent(
    contact_id: UUID, channel: Channel, document: ConsentDocument, tx: Transaction, now: Now
) -> ConsentView:
    """Say it for a contact. What is not claimed yet honours it."""
    if await contacts.read(tx, contact_id) is None:
        raise NotFound(f"Channels know no contact {contact_id}.")
    saying = Saying(contact_id, channel, document.status, "api")
    return _view(await consenting.say(tx, saying, now))


def _view(standing: Standing) -> ConsentView:
    consent = standing.consent
    return ConsentView(
        channel=standing.channel,
        status=consent.status,
        reason=consent.reason,
        changed_at=consent.changed_at,
    )
