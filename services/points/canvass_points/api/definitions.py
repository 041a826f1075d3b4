"""What earns points, and what reaching a score sets off: defined, changed, shown."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.db import Tx
from canvass_runtime.etag import Expected, Precondition, etag
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Path, Response, status
from pydantic import BaseModel

from canvass_points.api.documents import ActionBody, ActionDocument, TriggerBody, TriggerDocument
from canvass_points.domain.trigger_document import KEY
from canvass_points.store.definitions import ACTIONS, TRIGGERS, Definition, Document
from canvass_points.use_cases.defining import Defining, actions, triggers

router = APIRouter(tags=["definitions"])

Key = Annotated[str, Path(pattern=f"^{KEY}$")]
"""1 to 100 lower-case letters, digits, - and _."""


class ActionView(BaseModel):
    """What earns points."""

    key: str
    document: ActionDocument
    """As it was put."""
    revision: int
    active: bool
    updated_at: datetime


class TriggerView(BaseModel):
    """What reaching a score sets off."""

    key: str
    document: TriggerDocument
    """As it was put."""
    revision: int
    active: bool
    updated_at: datetime


@router.put(
    "/actions/{key}",
    dependencies=[Require("points:write")],
    responses={status.HTTP_201_CREATED: {"model": ActionView}},
)
async def put_action(
    key: Key, document: ActionBody, precondition: Precondition, tx: Transaction, response: Response
) -> ActionView:
    """Define what earns points, or define it anew; what was earned before stays.

    `{"name": …, "on": "page_viewed", "path": "/blog/*", "delta": 5}`; `"repeat": "once"` for what a contact
    earns once for ever; `"active": false` lets it rest.
    """
    return ActionView(**await _put(actions, key, document, precondition, tx=tx, response=response))


@router.get("/actions/{key}", dependencies=[Require("points:read")])
async def get_action(key: Key, tx: Transaction, response: Response) -> ActionView:
    """One action."""
    return ActionView(**_shown(await actions.read(tx, key), response))


@router.get("/actions", dependencies=[Require("points:read")])
async def list_actions(tx: Transaction, wanted: PageWanted) -> Page[ActionView]:
    """All actions, in the order of their keys."""
    found = await ACTIONS.read_page(tx, wanted.after(str), wanted.fetch)
    return wanted.page([ActionView(**asdict(one)) for one in found], lambda one: one.key)


@router.put(
    "/triggers/{key}",
    dependencies=[Require("points:write")],
    responses={status.HTTP_201_CREATED: {"model": TriggerView}},
)
async def put_trigger(
    key: Key, document: TriggerBody, precondition: Precondition, tx: Transaction, response: Response
) -> TriggerView:
    """Define what reaching a score sets off, or define it anew. Who is above the threshold already sets off
    nothing before falling below it.

    `{"name": …, "at": 100, "do": [{"webhook": "crm", "values": {…}}, {"notify": "sales"}]}`: once for a
    contact, for ever; with `"repeat": "each_time"` again whenever the score has fallen and risen.
    """
    return TriggerView(**await _put(triggers, key, document, precondition, tx=tx, response=response))


@router.get("/triggers/{key}", dependencies=[Require("points:read")])
async def get_trigger(key: Key, tx: Transaction, response: Response) -> TriggerView:
    """One trigger."""
    return TriggerView(**_shown(await triggers.read(tx, key), response))


@router.get("/triggers", dependencies=[Require("points:read")])
async def list_triggers(tx: Transaction, wanted: PageWanted) -> Page[TriggerView]:
    """All triggers, in the order of their keys."""
    found = await TRIGGERS.read_page(tx, wanted.after(str), wanted.fetch)
    return wanted.page([TriggerView(**asdict(one)) for one in found], lambda one: one.key)


async def _put(
    kind: Defining[Any], key: str, document: Document, precondition: Expected, *, tx: Tx, response: Response
) -> dict[str, Any]:
    current = await kind.find(tx, key)
    precondition.check(current.revision if current else None)
    if current is not None:
        return _shown(await kind.replace(tx, current, document), response)
    response.status_code = status.HTTP_201_CREATED
    return _shown(await kind.create(tx, key, document), response)


def _shown(definition: Definition, response: Response) -> dict[str, Any]:
    response.headers["ETag"] = etag(definition.revision)
    return asdict(definition)
