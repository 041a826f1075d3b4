"""Sources over HTTP: where events come from, and by which keys."""

from datetime import datetime
from secrets import token_hex
from typing import Annotated

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Caller, Require
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from canvass_tracking.addresses import is_region
from canvass_tracking.use_cases import sources as use_cases

router = APIRouter(tags=["sources"])

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


@router.put("/sources/{key}", dependencies=[Require("sources:write")])
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


@router.get("/sources")
async def list_sources(
    tx: Transaction, wanted: PageWanted, caller: Annotated[Caller, Require("sources:read")]
) -> Page[SourceView]:
    """Sources, by key."""
    found = await use_cases.list_sources(tx, wanted.after(str), wanted.fetch)
    views = [SourceView.model_validate(one) for one in found]
    if "sources:write" not in caller.scopes:
        views = [view.model_copy(update={"secret": None}) for view in views]
    return wanted.page(views, lambda one: one.key)
