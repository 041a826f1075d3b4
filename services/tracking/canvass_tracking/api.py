"""Door 1, HTTP: sources and contacts. What SDKs post comes in by `ingest`."""

from datetime import datetime
from secrets import token_hex
from typing import Annotated, Any
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Caller, Require
from canvass_runtime.errors import NotFound
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from canvass_tracking import use_cases
from canvass_tracking.addresses import is_region
from canvass_tracking.domain.model import Contact

router = APIRouter()

Key = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="Such as `website`.")]


def _region(code: str | None) -> str | None:
    if code is not None and not is_region(code):
        raise ValueError("must be a country of two capital letters, such as CA")
    return code


class SourceDocument(BaseModel):
    """A place that events come from."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    trusted: bool = False
    """Whether its write key is kept secret, on a server of yours: then what it says of contacts replaces what
    was known. A key that stands in a page can only add what was not known."""
    phone_region: Annotated[str | None, AfterValidator(_region)] = None
    """The country (`CA`) whose phone numbers are told without their country code."""


class SourceView(BaseModel):
    """A source, and the key that its SDK is given."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    name: str
    trusted: bool
    write_key: str
    secret: str | None = None
    """Your server's, to sign user ids with: hexadecimal HMAC-SHA256 of the user id. Only shown to
    `sources:write`."""
    phone_region: str | None
    created_at: datetime


class ContactView(BaseModel):
    """All that is known of a contact."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    revision: int
    user_id: str | None
    email: str | None
    phone: str | None
    tags: list[str]
    attributes: dict[str, Any]
    created_at: datetime
    identified_at: datetime | None


@router.put("/sources/{key}", dependencies=[Require("sources:write")], tags=["sources"])
async def put_source(key: Key, document: SourceDocument, tx: Transaction) -> SourceView:
    """Make a source, or change it; its write key stays."""
    made = await use_cases.put_source(
        tx,
        key,
        document.name,
        trusted=document.trusted,
        write_key=f"wk_{token_hex(16)}",
        phone_region=document.phone_region,
    )
    return SourceView.model_validate(made)


@router.get("/sources", tags=["sources"])
async def list_sources(
    tx: Transaction, wanted: PageWanted, caller: Annotated[Caller, Require("sources:read")]
) -> Page[SourceView]:
    """Sources, by key."""
    found = await use_cases.list_sources(tx, wanted.after(str), wanted.fetch)
    views = [SourceView.model_validate(one) for one in found]
    if "sources:write" not in caller.scopes:
        views = [view.model_copy(update={"secret": None}) for view in views]
    return wanted.page(views, lambda one: one.key)


@router.get("/contacts", dependencies=[Require("contacts:read")], tags=["contacts"])
async def list_contacts(
    tx: Transaction,
    wanted: PageWanted,
    user_id: Annotated[str | None, Query(max_length=255)] = None,
    email: Annotated[str | None, Query(max_length=254)] = None,
) -> Page[ContactView]:
    """Contacts, the oldest first; with `user_id` or `email`, the one that goes by them."""
    found = await use_cases.list_contacts(
        tx, user_id=user_id, email=email, after=wanted.after(UUID), limit=wanted.fetch
    )
    return wanted.page([_view(one) for one in found], lambda one: one.id)


@router.get("/contacts/{id}", dependencies=[Require("contacts:read")], tags=["contacts"])
async def get_contact(id: UUID, tx: Transaction) -> ContactView:  # noqa: A002 - the path's own word
    """A contact; one that was merged into another is shown as that other."""
    contact = await use_cases.find_contact(tx, id)
    if contact is None:
        raise NotFound(f"There is no contact {id}. Find one by user_id or email with GET /contacts.")
    return _view(contact)


def _view(contact: Contact) -> ContactView:
    return ContactView.model_validate(contact)
