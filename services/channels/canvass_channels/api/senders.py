"""Senders: by whom messages are sent."""

from datetime import datetime
from typing import Literal, Self

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.etag import Precondition
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from canvass_channels.store import definitions
from canvass_channels.store.definitions import Sender
from canvass_channels.use_cases import defining

from .parts import CREATED, Key, TheTools, marked

router = APIRouter(tags=["senders"])


class SenderDocument(BaseModel):
    """By whom messages are sent: a mail server, or a provider of SMS that speaks as Twilio does."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: Literal["smtp", "sms"] = "smtp"
    url: str | None = Field(default=None, max_length=2_000)
    """`smtp://user:password@host:587?tls=required` (auto, never), or `smtps://`; shown without password. Of
    `sms` the provider's base, `https://api.twilio.com` without it."""
    account: str | None = Field(default=None, max_length=200)
    """Of `sms`: the account's SID."""
    token: str | None = Field(default=None, max_length=500)
    """Of `sms`: the auth token; shown as `***`."""
    from_address: str = Field(alias="from", max_length=500)
    """`Canvass <hello@example.com>`; of `sms` a telephone number or a name."""
    connections: int = Field(default=5, ge=1, le=100)
    """How many messages each process hands over at once."""


class SenderView(SenderDocument):
    """A sender, without its password or token."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    revision: int
    updated_at: datetime

    @classmethod
    def of(cls, sender: Sender) -> Self:
        """As it may be shown."""
        return cls.model_validate(defining.without_secrets(sender), by_name=True)


@router.put("/senders/{key}", dependencies=[Require("senders:write")], responses=CREATED)
async def put_sender(
    *,
    key: Key,
    document: SenderDocument,
    precondition: Precondition,
    tx: Transaction,
    tools: TheTools,
    response: Response,
) -> SenderView:
    """Define a sender, or define it anew. `***` for the password or token leaves it as it is.

    A template may name its sender. Others go by the one called `default`, or by the only one of its kind.
    """
    current = await definitions.read(tx, Sender, key, lock=True)
    precondition.check(current.revision if current else None)
    put = await defining.put_sender(tx, key, current, document.model_dump(), tools.reach)
    return SenderView.of(marked(put, response, created=current is None))


@router.get("/senders/{key}", dependencies=[Require("senders:read")])
async def get_sender(key: Key, tx: Transaction, response: Response) -> SenderView:
    """One sender."""
    return SenderView.of(marked(await defining.read(tx, Sender, key), response))


@router.get("/senders", dependencies=[Require("senders:read")])
async def list_senders(tx: Transaction, wanted: PageWanted) -> Page[SenderView]:
    """All senders, in the order of their keys."""
    found = await definitions.list_after(tx, Sender, wanted.after(str), wanted.fetch)
    return wanted.page([SenderView.of(one) for one in found], lambda one: one.key)
