"""Contacts over HTTP: looked for, read, made, changed."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from canvass_runtime.app import Now, Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import Conflict, Invalid
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.idempotency import OnceOnly, once_in
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Depends, Query, Response, status
from pydantic import BaseModel, ConfigDict

from canvass_tracking.addresses import email_of, phone_of
from canvass_tracking.api.stated import BatchDocument, ContactDocument, ContactPatch, TagsDocument
from canvass_tracking.domain.model import Contact, Identity
from canvass_tracking.domain.revise import Change
from canvass_tracking.store import contacts
from canvass_tracking.store.search import Sought, search
from canvass_tracking.tables import idempotency_keys
from canvass_tracking.use_cases import contacts as use_cases
from canvass_tracking.use_cases.contacts import Upserted

router = APIRouter(tags=["contacts"])

Once = Annotated[OnceOnly, Depends(once_in(idempotency_keys))]


class ContactView(BaseModel):
    """All that is known of a contact."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    """Who it is today: another than was asked for, if that was merged."""
    revision: int
    user_id: str | None
    email: str | None
    phone: str | None
    tags: list[str]
    attributes: dict[str, Any]
    created_at: datetime
    """When it was first seen."""
    identified_at: datetime | None
    """When it first told who it is; null for an anonymous visitor."""


class UpsertedView(BaseModel):
    """What became of one contact of a batch."""

    id: UUID
    revision: int
    created: bool
    problem: str | None = None
    """What of it could not be taken. All else was."""


class UpsertedBatch(BaseModel):
    """What became of a batch, in its order."""

    items: list[UpsertedView]


@router.get("/contacts", dependencies=[Require("contacts:read")])
async def list_contacts(
    *,
    tx: Transaction,
    wanted: PageWanted,
    search_text: Annotated[
        str | None,
        Query(
            alias="search",
            min_length=2,
            max_length=100,
            description="The beginnings of words of the e-mail, user id, phone or name: `ann exam`.",
        ),
    ] = None,
    email: Annotated[str | None, Query(max_length=320)] = None,
    user_id: Annotated[str | None, Query(max_length=255)] = None,
    phone: Annotated[str | None, Query(max_length=60, description="With its country code.")] = None,
    tag: Annotated[str | None, Query(max_length=100)] = None,
) -> Page[ContactView]:
    """Contacts that are all that is asked for, the oldest first."""
    after = wanted.after(UUID)
    if not (search_text or email or user_id or phone or tag):
        found = await contacts.page(tx, after, wanted.fetch)
    else:
        identities = [Identity("user_id", user_id)] if user_id else []
        if email:
            identities.append(Identity("email", email_of(email) or ""))
        sought = Sought(search_text, identities, phone and (phone_of(phone) or phone), tag)
        found = await search(tx, sought, after, wanted.fetch)
    return wanted.page([ContactView.model_validate(one) for one in found], lambda one: one.id)


@router.get("/contacts/{id}", dependencies=[Require("contacts:read")])
async def get_contact(id: UUID, tx: Transaction, response: Response) -> ContactView:  # noqa: A002
    """A contact; one that was merged into another is shown as that other."""
    return _shown(await use_cases.read(tx, id), response)


@router.post(
    "/contacts",
    dependencies=[Require("contacts:write")],
    responses={status.HTTP_201_CREATED: {"model": ContactView}},
)
async def upsert_contact(
    document: ContactDocument, once: Once, tx: Transaction, now: Now, response: Response
) -> ContactView:
    """The contact of this user id or e-mail is found, or made, and told the rest. If each of the two is
    another contact's and only one of these has a user id, they are merged.

    What is told replaces what was known; an attribute that is null is taken away; tags are added.
    """

    async def work() -> ContactView:
        (done,) = await use_cases.upsert(tx, [document.event()], now)
        if done.problem:
            raise Conflict(done.problem)
        if done.created:
            response.status_code = status.HTTP_201_CREATED
        return ContactView.model_validate(done.contact)

    return await once(tx, ContactView, work)


@router.post("/contacts/batch", dependencies=[Require("contacts:write")])
async def upsert_contacts(document: BatchDocument, once: Once, tx: Transaction, now: Now) -> UpsertedBatch:
    """As POST /contacts, for up to 500 at once, one after the other."""

    async def work() -> UpsertedBatch:
        done = await use_cases.upsert(tx, [one.event() for one in document.contacts], now)
        return UpsertedBatch(items=[_item(one) for one in done])

    return await once(tx, UpsertedBatch, work)


@router.patch("/contacts/{id}", dependencies=[Require("contacts:write")])
async def change_contact(
    *,
    id: UUID,  # noqa: A002
    document: ContactPatch,
    precondition: Precondition,
    tx: Transaction,
    now: Now,
    response: Response,
) -> ContactView:
    """Change what is named; null takes a value away. With `If-Match`, only the revision that you read."""

    def check(revision: int) -> None:
        if precondition.if_match is not None:
            precondition.check(revision)

    wish = document.change()
    return _shown(await use_cases.change(tx, id, wish, now, check), response)


@router.post("/contacts/{id}/tags", dependencies=[Require("contacts:write")])
async def change_tags(
    id: UUID,  # noqa: A002
    document: TagsDocument,
    once: Once,
    tx: Transaction,
    now: Now,
) -> ContactView:
    """Add tags, take tags away; what is there already, or is not, changes nothing."""
    if both := sorted(set(document.add) & set(document.remove)):
        raise Invalid("A tag cannot be added and removed at once.", fields={"remove": ", ".join(both)})
    wish = Change(add=tuple(document.add), remove=tuple(document.remove))

    async def work() -> ContactView:
        return ContactView.model_validate(await use_cases.change(tx, id, wish, now))

    return await once(tx, ContactView, work)


def _shown(contact: Contact, response: Response) -> ContactView:
    response.headers["ETag"] = etag(contact.revision)
    return ContactView.model_validate(contact)


def _item(done: Upserted) -> UpsertedView:
    contact = done.contact
    return UpsertedView(id=contact.id, revision=contact.revision, created=done.created, problem=done.problem)
