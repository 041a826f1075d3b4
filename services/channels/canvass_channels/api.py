"""Door 1, HTTP: people define templates and senders, and look at deliveries."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal, Self, TypeVar
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import NotFound
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Path, Response, status
from pydantic import BaseModel, ConfigDict, Field

from .domain.model import MessageClass, State
from .store import definitions
from .store.definitions import Sender, Template
from .store.ledger_rows import Standing
from .use_cases import defining, looking

router = APIRouter()

T = TypeVar("T", Template, Sender)

Key = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,99}$")]
"""1 to 100 lower-case letters, digits, - and _."""


class TemplateDocument(BaseModel):
    """What is written to contacts. `subject`, `text` and `html` are Liquid and may speak of `contact`."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    subject: str = Field(min_length=1, max_length=1_000)
    text: str = Field(max_length=200_000)
    html: str | None = Field(default=None, max_length=400_000)


class TemplateView(TemplateDocument):
    """A template as it is used."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    revision: int
    updated_at: datetime


class SenderDocument(BaseModel):
    """By whom messages are sent."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: Literal["smtp"] = "smtp"
    url: str = Field(max_length=2_000)
    """`smtp://user:password@host:587?tls=required` (auto, never), or `smtps://`. Shown without password."""
    from_address: str = Field(alias="from", max_length=500)
    """`Canvass <hello@example.com>`"""
    connections: int = Field(default=5, ge=1, le=100)
    """How many each process keeps open at most."""


class SenderView(SenderDocument):
    """A sender, without its password."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    revision: int
    updated_at: datetime

    @classmethod
    def of(cls, sender: Sender) -> Self:
        """As it may be shown."""
        return cls.model_validate(defining.without_password(sender), by_name=True)


class DeliveryView(BaseModel):
    """One message to one contact."""

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
    """What the provider calls it."""
    template: str
    campaign: str
    version: int
    journey_id: UUID
    step: str
    visit: int
    planned_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """As the ledger has it."""
        delivery, wanted = asdict(standing.entry.delivery), asdict(standing.entry.wanted)
        if delivery["state"] != "planned":
            delivery["due_at"] = None
        return cls.model_validate(delivery | wanted | {"changed_at": standing.changed_at})


_CREATED: dict[int | str, dict[str, Any]] = {status.HTTP_201_CREATED: {"description": "Created"}}


@router.put(
    "/templates/{key}", tags=["templates"], dependencies=[Require("templates:write")], responses=_CREATED
)
async def put_template(
    key: Key, document: TemplateDocument, precondition: Precondition, tx: Transaction, response: Response
) -> TemplateView:
    """Define a template, or define it anew: messages that leave from now on are written by it."""
    current = await definitions.read(tx, Template, key, lock=True)
    precondition.check(current.revision if current else None)
    put = await defining.put_template(tx, key, current, **document.model_dump())
    return TemplateView.model_validate(_marked(put, response, created=current is None))


@router.get("/templates/{key}", tags=["templates"], dependencies=[Require("templates:read")])
async def get_template(key: Key, tx: Transaction, response: Response) -> TemplateView:
    """One template."""
    return TemplateView.model_validate(_marked(await defining.read(tx, Template, key), response))


@router.get("/templates", tags=["templates"], dependencies=[Require("templates:read")])
async def list_templates(tx: Transaction, wanted: PageWanted) -> Page[TemplateView]:
    """All templates, in the order of their keys."""
    found = await definitions.list_after(tx, Template, wanted.after(str), wanted.fetch)
    return wanted.page([TemplateView.model_validate(one) for one in found], lambda one: one.key)


@router.put("/senders/{key}", tags=["senders"], dependencies=[Require("senders:write")], responses=_CREATED)
async def put_sender(
    key: Key, document: SenderDocument, precondition: Precondition, tx: Transaction, response: Response
) -> SenderView:
    """Define the sender `default`, or define it anew. `***` for the password leaves it as it is."""
    current = await definitions.read(tx, Sender, key, lock=True)
    precondition.check(current.revision if current else None)
    put = await defining.put_sender(tx, key, current, **document.model_dump())
    return SenderView.of(_marked(put, response, created=current is None))


@router.get("/senders/{key}", tags=["senders"], dependencies=[Require("senders:read")])
async def get_sender(key: Key, tx: Transaction, response: Response) -> SenderView:
    """One sender."""
    return SenderView.of(_marked(await defining.read(tx, Sender, key), response))


@router.get("/senders", tags=["senders"], dependencies=[Require("senders:read")])
async def list_senders(tx: Transaction, wanted: PageWanted) -> Page[SenderView]:
    """All senders, in the order of their keys."""
    found = await definitions.list_after(tx, Sender, wanted.after(str), wanted.fetch)
    return wanted.page([SenderView.of(one) for one in found], lambda one: one.key)


@router.get("/deliveries", tags=["deliveries"], dependencies=[Require("deliveries:read")])
async def list_deliveries(contact_id: UUID, tx: Transaction, wanted: PageWanted) -> Page[DeliveryView]:
    """A contact's messages, the youngest first."""
    found = await looking.of_contact(tx, contact_id, wanted.after(tuple[datetime, UUID]), wanted.fetch)
    return wanted.page([DeliveryView.of(one) for one in found], lambda one: (one.planned_at, one.effect_id))


@router.get("/deliveries/{effect_id}", tags=["deliveries"], dependencies=[Require("deliveries:read")])
async def get_delivery(effect_id: UUID, tx: Transaction) -> DeliveryView:
    """One message: where it stands, and why."""
    found = await looking.at_one(tx, effect_id)
    if found is None:
        raise NotFound(f"There is no delivery {effect_id}.")
    return DeliveryView.of(found)


def _marked(definition: T, response: Response, *, created: bool = False) -> T:
    response.headers["ETag"] = etag(definition.revision)
    if created:
        response.status_code = status.HTTP_201_CREATED
    return definition
