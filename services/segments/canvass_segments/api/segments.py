"""People define segments."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Body, Path, Response, status
from pydantic import BaseModel, JsonValue

from canvass_segments.store import definitions
from canvass_segments.store.definitions import Segment
from canvass_segments.use_cases import defining

router = APIRouter()

Key = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,99}$")]
"""1 to 100 lower-case letters, digits, - and _."""


class SegmentView(BaseModel):
    """A segment, and whether it is true of everybody yet."""

    key: str
    document: dict[str, JsonValue]
    """As it was put: its name and rules."""
    revision: int
    updated_at: datetime
    """When the definition was last changed."""
    built: bool
    """False while contacts are still being judged by this definition."""
    members: int
    """How many contacts are in it."""

    @classmethod
    def of(cls, segment: Segment) -> "SegmentView":
        """As it is remembered."""
        return cls.model_validate(asdict(segment))


@router.put(
    "/segments/{key}",
    dependencies=[Require("segments:write")],
    responses={status.HTTP_201_CREATED: {"model": SegmentView}},
)
async def put_segment(
    key: Key,
    document: Annotated[dict[str, JsonValue], Body()],
    precondition: Precondition,
    tx: Transaction,
    response: Response,
) -> SegmentView:
    """Define a segment, or define it anew: `{"name": …, "rules": {"match": …, "rules": […]}}`.

    Contacts are judged by it from now on as they act; all others follow in the background.
    """
    current = await defining.find(tx, key)
    precondition.check(current.revision if current else None)
    if current is None:
        response.status_code = status.HTTP_201_CREATED
        return _shown(await defining.create(tx, key, document), response)
    return _shown(await defining.replace(tx, current, document), response)


@router.get("/segments/{key}", dependencies=[Require("segments:read")])
async def get_segment(key: Key, tx: Transaction, response: Response) -> SegmentView:
    """One segment."""
    return _shown(await defining.read(tx, key), response)


@router.get("/segments", dependencies=[Require("segments:read")])
async def list_segments(tx: Transaction, wanted: PageWanted) -> Page[SegmentView]:
    """All segments, in the order of their keys."""
    found = await definitions.read_page(tx, wanted.after(str), wanted.fetch)
    return wanted.page([SegmentView.of(one) for one in found], lambda one: one.key)


def _shown(segment: Segment, response: Response) -> SegmentView:
    response.headers["ETag"] = etag(segment.revision)
    return SegmentView.of(segment)
