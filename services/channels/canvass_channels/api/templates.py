"""Templates: what is written to contacts."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from canvass_runtime.app import Now, Transaction
from canvass_runtime.auth import Require
from canvass_runtime.db import Database, Tx
from canvass_runtime.errors import Invalid
from canvass_runtime.etag import Precondition
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from canvass_channels.store import definitions
from canvass_channels.store.definitions import Template
from canvass_channels.use_cases import defining, trying
from canvass_channels.use_cases.writing import source_of

from .parts import CREATED, Key, TheDatabase, TheTools, marked

router = APIRouter(tags=["templates"])


class TemplateDocument(BaseModel):
    """What is written to contacts. `subject`, `text` and `html` are Liquid and may speak of `contact`, of
    `values` (what whoever wants the message adds), of `campaign`, and of `unsubscribe_url`."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["email", "sms"] = "email"
    name: str = Field(min_length=1, max_length=200)
    sender: str | None = Field(default=None, pattern="^[a-z0-9][a-z0-9_-]{0,99}$")
    """Which sender it goes by; without it the one called `default`, or the only one there is."""
    subject: str = Field(default="", max_length=1_000)
    """Of an e-mail; an SMS has none."""
    text: str = Field(max_length=200_000)
    html: str | None = Field(default=None, max_length=400_000)
    """Of an e-mail. Its links are tracked, and so is whether it is opened."""
    mjml: str | None = Field(default=None, max_length=200_000)
    """Instead of `html`: a design in MJML, in which there may be Liquid, too. It is made into HTML, with its
    styles inlined, when it is put. It may include nothing from elsewhere."""


class TemplateView(TemplateDocument):
    """A template as it is used."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    revision: int
    updated_at: datetime


class Draft(BaseModel):
    """As much of a template as there is, while it is being written."""

    model_config = ConfigDict(extra="forbid")

    subject: str = Field(default="", max_length=1_000)
    text: str = Field(default="", max_length=200_000)
    html: str | None = Field(default=None, max_length=400_000)
    mjml: str | None = Field(default=None, max_length=200_000)


class Example(BaseModel):
    """For whom a template is tried: a contact that there is, or one that is told here."""

    model_config = ConfigDict(extra="forbid")

    contact_id: UUID | None = None
    contact: dict[str, JsonValue] | None = None
    """`{"first_name": "Ann", "email": "ann@example.com"}`"""
    values: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.contact_id is not None and self.contact is not None:
            raise ValueError("name a contact_id or tell a contact, not both")
        return self


class Preview(BaseModel):
    """What the template says. Nothing in it is tracked."""

    model_config = ConfigDict(from_attributes=True)

    subject: str
    text: str
    html: str | None


class DraftWanted(Example):
    """What is being written, and to whom."""

    template: Draft


class TestWanted(Example):
    """To whom a test goes: an e-mail address, or the telephone number of an SMS."""

    to: str = Field(min_length=1, max_length=320)


class TestView(BaseModel):
    """What became of a test."""

    model_config = ConfigDict(from_attributes=True)

    accepted: bool
    provider: str
    """The sender's key, or `outbox`."""
    provider_id: str | None
    reason: str | None
    """What was answered, when it was not accepted."""


async def _checked(document: TemplateDocument, tools: TheTools) -> dict[str, Any]:
    """What is kept of it. It is rendered once without a contact, and holds no transaction meanwhile."""
    wrong: dict[str, str] = {}
    if document.channel == "email" and not document.subject.strip():
        wrong["subject"] = "an e-mail needs a subject"
    beside = next((part for part in ("subject", "html", "mjml") if getattr(document, part)), None)
    if document.channel == "sms" and beside:
        wrong[beside] = "an SMS has a text only"
    if wrong:
        raise Invalid("The template is not right.", fields=wrong)
    return document.model_dump() | {"html": await _right(document, tools)}


async def _right(document: TemplateDocument | Draft, tools: TheTools) -> str | None:
    """The HTML of what is right. Raises Invalid."""
    if document.mjml and document.html:
        raise Invalid("A template has html or mjml, not both.", fields={"html": "leave it out"})
    html = await defining.html_of_design(tools.press, document.mjml) if document.mjml else document.html
    await defining.check_template(tools.press, subject=document.subject, text=document.text, html=html)
    return html


Checked = Annotated[dict[str, Any], Depends(_checked)]


def _view(template: Template) -> TemplateView:
    """As it was put: what a design was made into is not shown beside it."""
    return TemplateView.model_validate(replace(template, html=None) if template.mjml else template)


@router.put("/templates/{key}", dependencies=[Require("templates:write")], responses=CREATED)
async def put_template(
    key: Key, document: Checked, precondition: Precondition, tx: Transaction, response: Response
) -> TemplateView:
    """Define a template, or define it anew: messages that leave from now on are written by it."""
    current = await definitions.read(tx, Template, key, lock=True)
    precondition.check(current.revision if current else None)
    put = await defining.put_template(tx, key, current, document)
    return _view(marked(put, response, created=current is None))


@router.get("/templates/{key}", dependencies=[Require("templates:read")])
async def get_template(key: Key, tx: Transaction, response: Response) -> TemplateView:
    """One template."""
    return _view(marked(await defining.read(tx, Template, key), response))


@router.get("/templates", dependencies=[Require("templates:read")])
async def list_templates(tx: Transaction, wanted: PageWanted) -> Page[TemplateView]:
    """All templates, in the order of their keys."""
    found = await definitions.list_after(tx, Template, wanted.after(str), wanted.fetch)
    return wanted.page([_view(one) for one in found], lambda one: one.key)


@router.post("/templates/preview", dependencies=[Require("templates:read", "contacts:read")])
async def preview_draft(wanted: DraftWanted, database: TheDatabase, tools: TheTools) -> Preview:
    """What a template that is being written would say to a contact. It need not be whole yet."""
    async with database.transaction() as tx:
        contact = await _contact(tx, wanted)
    html = await _right(wanted.template, tools)
    source = trying.unsaved(wanted.template.subject, wanted.template.text, html)
    return Preview.model_validate(await trying.preview(tools, source, contact, wanted.values))


@router.post("/templates/{key}/preview", dependencies=[Require("templates:read", "contacts:read")])
async def preview_template(key: Key, example: Example, database: TheDatabase, tools: TheTools) -> Preview:
    """What the template says to a contact."""
    template, contact = await _found(database, key, example)
    return Preview.model_validate(await trying.preview(tools, source_of(template), contact, example.values))


@router.post("/templates/{key}/test", dependencies=[Require("templates:write", "contacts:read")])
async def send_test(key: Key, test: TestWanted, database: TheDatabase, tools: TheTools, now: Now) -> TestView:
    """Send the template to an address of yours, by the sender that it goes by. It counts for nothing else."""
    template, contact = await _found(database, key, test)
    printed = await trying.preview(tools, source_of(template), contact, test.values)
    return TestView.model_validate(await trying.send(database, tools, template, printed, to=test.to, now=now))


async def _found(database: Database, key: str, example: Example) -> tuple[Template, dict[str, Any]]:
    async with database.transaction() as tx:
        return await defining.read(tx, Template, key), await _contact(tx, example)


async def _contact(tx: Tx, example: Example) -> dict[str, Any]:
    if example.contact_id is None:
        return dict(example.contact or {})
    return await trying.known_contact(tx, example.contact_id)
