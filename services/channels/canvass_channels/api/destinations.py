"""Destinations: where messages go that do not go to contacts."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Caller, Require
from canvass_runtime.etag import Precondition
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter

from canvass_channels.store import definitions
from canvass_channels.store.definitions import Destination
from canvass_channels.use_cases import defining

from .parts import CREATED, Key, TheTools, marked

router = APIRouter(tags=["destinations"])


class WebhookDocument(BaseModel):
    """A system that is told by signed POSTs (Standard Webhooks)."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["webhook"]
    url: str = Field(max_length=2_000)
    """`https://crm.example.com/hooks/canvass`. Private addresses are refused unless a setting allows them."""
    secret: str | None = Field(default=None, max_length=200)
    """`whsec_` and 24 to 64 random bytes in base64. Without it one is made, or stays."""


class NotifyDocument(BaseModel):
    """People of ours who are told of contacts by e-mail."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["notify"]
    to: list[Annotated[str, Field(max_length=320)]] = Field(min_length=1, max_length=20)
    """`["sales@example.com"]`"""
    subject: str | None = Field(default=None, max_length=1_000)
    """Liquid, as in templates. Used when whoever wants it names no template."""
    text: str | None = Field(default=None, max_length=20_000)


DestinationDocument: TypeAlias = Annotated[WebhookDocument | NotifyDocument, Discriminator("kind")]


class Standing(BaseModel):
    """How a destination stands."""

    key: str
    revision: int
    updated_at: datetime
    disabled: str | None
    """Why nothing is sent there any more. Put it again to go on."""


class WebhookView(WebhookDocument, Standing):
    """A receiver of webhooks. Its secret is shown to those who may write destinations."""


class NotifyView(NotifyDocument, Standing):
    """People of ours."""


DestinationView: TypeAlias = Annotated[WebhookView | NotifyView, Discriminator("kind")]
_view: TypeAdapter[WebhookView | NotifyView] = TypeAdapter(DestinationView)


def _shown(one: Destination, caller: Caller) -> WebhookView | NotifyView:
    view: dict[str, Any] = {
        "key": one.key,
        "kind": one.kind,
        "revision": one.revision,
        "updated_at": one.updated_at,
        "disabled": one.disabled,
    }
    if one.kind == "webhook":
        secret = one.secret if "destinations:write" in caller.scopes else defining.HIDDEN
        return _view.validate_python(view | {"url": one.url, "secret": secret})
    told = {"to": one.recipients, "subject": one.subject, "text": one.text}
    return _view.validate_python(view | told)


def _values(document: WebhookDocument | NotifyDocument) -> dict[str, Any]:
    values = document.model_dump()
    values["recipients"] = defining.recipients_of(values.pop("to", []))
    return {"url": None, "secret": None, "subject": None, "text": None} | values


async def _checked(document: DestinationDocument, tools: TheTools) -> WebhookDocument | NotifyDocument:
    """What is written in Liquid is tried before a transaction begins."""
    if isinstance(document, NotifyDocument):
        subject, text = document.subject or "", document.text or ""
        await defining.check_template(tools.press, subject=subject, text=text, html=None)
    return document


Reader = Annotated[Caller, Require("destinations:read")]
Writer = Annotated[Caller, Require("destinations:write")]
Checked = Annotated[WebhookDocument | NotifyDocument, Depends(_checked)]


@router.put("/destinations/{key}", responses=CREATED)
async def put_destination(
    *,
    key: Key,
    caller: Writer,
    document: Checked,
    precondition: Precondition,
    tx: Transaction,
    tools: TheTools,
    response: Response,
) -> DestinationView:
    """Define a destination, or define it anew; one that was disabled is sent to again."""
    current = await definitions.read(tx, Destination, key, lock=True)
    precondition.check(current.revision if current else None)
    put = await defining.put_destination(tx, key, current, _values(document), tools.reach)
    return _shown(marked(put, response, created=current is None), caller)


@router.get("/destinations/{key}")
async def get_destination(key: Key, caller: Reader, tx: Transaction, response: Response) -> DestinationView:
    """One destination."""
    return _shown(marked(await defining.read(tx, Destination, key), response), caller)


@router.get("/destinations")
async def list_destinations(caller: Reader, tx: Transaction, wanted: PageWanted) -> Page[DestinationView]:
    """All destinations, in the order of their keys."""
    found = await definitions.list_after(tx, Destination, wanted.after(str), wanted.fetch)
    return wanted.page([_shown(one, caller) for one in found], lambda one: one.key)
