"""Door 1, HTTP: people define what earns points, and look at who has earned what."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Body, Path, Response, status
from pydantic import BaseModel, JsonValue

from canvass_points.domain.model import Entry
from canvass_points.store import definitions, ledger
from canvass_points.store.definitions import Definition
from canvass_points.use_cases import defining

router = APIRouter(tags=["points"])

Key = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,99}$")]
"""1 to 100 lower-case letters, digits, - and _."""


class ActionView(BaseModel):
    """What earns points."""

    key: str
    document: dict[str, JsonValue]
    """As it was put."""
    revision: int
    active: bool
    updated_at: datetime

    @classmethod
    def of(cls, definition: Definition) -> "ActionView":
        """As it is remembered."""
        return cls.model_validate(asdict(definition))


class ScoreView(BaseModel):
    """The points of a contact."""

    contact_id: UUID
    """Who the contact is today: another than was asked for, if it was merged."""
    score: int
    """The sum of its ledger."""
    revision: int
    """Grows with each change of the score; 0 before the first."""


class EntryView(BaseModel):
    """What was earned at one time, and by what."""

    at: datetime
    """When the contact did it."""
    action: str
    action_revision: int
    """Of the action's definition as it was then."""
    delta: int
    event_id: UUID

    @classmethod
    def of(cls, entry: Entry) -> "EntryView":
        """As it is remembered."""
        return cls.model_validate({name: getattr(entry, name) for name in cls.model_fields})


@router.put(
    "/actions/{key}",
    dependencies=[Require("points:write")],
    responses={status.HTTP_201_CREATED: {"model": ActionView}},
)
async def put_action(
    key: Key,
    document: Annotated[dict[str, JsonValue], Body()],
    precondition: Precondition,
    tx: Transaction,
    response: Response,
) -> ActionView:
    """Define what earns points, or define it anew; what was earned before stays.

    `{"name": …, "on": "page_viewed", "path": "/blog/*", "delta": 5}`, or with `"on": "event_tracked"` and
    `"event": "Order Completed"`; `"active": false` lets it rest.
    """
    current = await defining.find(tx, key)
    precondition.check(current.revision if current else None)
    if current is None:
        response.status_code = status.HTTP_201_CREATED
        return _shown(await defining.create(tx, key, document), response)
    return _shown(await defining.replace(tx, current, document), response)


@router.get("/actions/{key}", dependencies=[Require("points:read")])
async def get_action(key: Key, tx: Transaction, response: Response) -> ActionView:
    """One action."""
    return _shown(await defining.read(tx, key), response)


@router.get("/actions", dependencies=[Require("points:read")])
async def list_actions(tx: Transaction, wanted: PageWanted) -> Page[ActionView]:
    """All actions, in the order of their keys."""
    found = await definitions.read_page(tx, wanted.after(str), wanted.fetch)
    return wanted.page([ActionView.of(one) for one in found], lambda one: one.key)


@router.get("/contacts/{contact_id}/score", dependencies=[Require("points:read")])
async def get_score(contact_id: UUID, tx: Transaction) -> ScoreView:
    """The points of a contact: 0 for who has earned none yet."""
    score = await ledger.read_score(tx, contact_id)
    return ScoreView(contact_id=score.contact_id, score=score.score, revision=score.revision)


@router.get("/contacts/{contact_id}/ledger", dependencies=[Require("points:read")])
async def list_ledger(contact_id: UUID, tx: Transaction, wanted: PageWanted) -> Page[EntryView]:
    """What a contact has earned by what, the latest first."""
    today = (await ledger.read_score(tx, contact_id)).contact_id
    found = await ledger.read_entries(tx, today, wanted.after(tuple[datetime, UUID, str]), wanted.fetch)
    return wanted.page([EntryView.of(one) for one in found], lambda one: (one.at, one.event_id, one.action))


def _shown(definition: Definition, response: Response) -> ActionView:
    response.headers["ETag"] = etag(definition.revision)
    return ActionView.of(definition)
