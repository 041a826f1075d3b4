"""Door 1, HTTP: people define campaigns, publish them, and look at journeys."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import NotFound
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.idempotency import OnceOnly, once_in
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Body, Depends, Path, Response, status
from pydantic import BaseModel, JsonValue

from .domain.model import Journey
from .store import journeys
from .store.definitions import Definition, Status, list_definitions
from .tables import idempotency_keys
from .use_cases import defining

router = APIRouter(tags=["campaigns"])

Key = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,99}$")]
"""1 to 100 lower-case letters, digits, - and _."""
Once = Annotated[OnceOnly, Depends(once_in(idempotency_keys))]


class CampaignSummary(BaseModel):
    """Where a campaign stands."""

    key: str
    name: str
    status: Status
    version: int | None
    """The newest version, in force while `status` is `published`."""
    reason: str | None
    """Why it is paused."""
    revision: int
    """Of the draft document."""
    updated_at: datetime
    """When the draft was last changed."""

    @classmethod
    def of(cls, definition: Definition) -> Self:
        """As it is remembered."""
        return cls.model_validate({**asdict(definition), "name": definition.document["name"]})


class CampaignView(CampaignSummary):
    """A campaign with its draft document."""

    document: dict[str, JsonValue]


class PublishedView(BaseModel):
    """What is in force."""

    campaign: str
    version: int


class PositionView(BaseModel):
    """A step where a journey rests."""

    step: str
    visit: int
    wakes_at: datetime | None


class JourneyView(BaseModel):
    """One walk of one contact through one campaign."""

    id: UUID
    contact_id: UUID
    campaign: str
    version: int
    entry: int
    positions: list[PositionView]
    """Where it rests now; several where branches run side by side."""
    visits: dict[str, int]
    """How many times it has come to each step."""
    began_at: datetime | None
    wakes_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None

    @classmethod
    def of(cls, journey: Journey) -> "JourneyView":
        """As it is remembered."""
        return cls(
            id=journey.id,
            contact_id=journey.contact_id,
            campaign=journey.campaign,
            version=journey.version,
            entry=journey.entry,
            positions=[
                PositionView(step=at.step, visit=at.visit, wakes_at=at.wakes_at) for at in journey.open
            ],
            visits=dict(journey.visits),
            began_at=journey.began_at,
            wakes_at=journey.wakes_at,
            ended_at=journey.ended_at,
            end_reason=journey.end,
        )


@router.put(
    "/campaigns/{key}",
    dependencies=[Require("campaigns:write")],
    responses={status.HTTP_201_CREATED: {"model": CampaignView}},
)
async def put_campaign(
    key: Key,
    document: Annotated[dict[str, JsonValue], Body()],
    precondition: Precondition,
    tx: Transaction,
    response: Response,
) -> CampaignView:
    """Draft a campaign, or draft it anew. What is published stays in force until it is published again."""
    current = await defining.find_definition(tx, key)
    precondition.check(current.revision if current else None)
    if current is None:
        response.status_code = status.HTTP_201_CREATED
    put = defining.replace_draft if current else defining.create_draft
    return _shown(await put(tx, key, document), response)


@router.get("/campaigns/{key}", dependencies=[Require("campaigns:read")])
async def get_campaign(key: Key, tx: Transaction, response: Response) -> CampaignView:
    """One campaign with its draft document."""
    return _shown(await defining.read_definition(tx, key), response)


@router.get("/campaigns", dependencies=[Require("campaigns:read")])
async def list_campaigns(tx: Transaction, wanted: PageWanted) -> Page[CampaignSummary]:
    """All campaigns, in the order of their keys."""
    found = await list_definitions(tx, wanted.after(str), wanted.fetch)
    return wanted.page([CampaignSummary.of(one) for one in found], lambda one: one.key)


@router.post("/campaigns/{key}/publish", dependencies=[Require("campaigns:publish")])
async def publish_campaign(key: Key, tx: Transaction, once: Once) -> PublishedView:
    """Put the draft in force as a version that never changes; one like the newest version stays that one."""

    async def publish() -> PublishedView:
        return PublishedView(campaign=key, version=await defining.publish(tx, key))

    return await once(tx, PublishedView, publish)


@router.post("/campaigns/{key}/unpublish", dependencies=[Require("campaigns:publish")])
async def unpublish_campaign(key: Key, tx: Transaction) -> CampaignView:
    """Nobody enters it any longer, and what its journeys want is not sent, until it is published again."""
    return CampaignView.of(await defining.unpublish(tx, key))


@router.get("/campaigns/{key}/journeys", dependencies=[Require("campaigns:read")])
async def list_journeys(key: Key, tx: Transaction, wanted: PageWanted) -> Page[JourneyView]:
    """Who walks or has walked through a campaign, the youngest journeys first."""
    await defining.read_definition(tx, key)
    found = await journeys.list_journeys(tx, key, wanted.after(tuple[datetime, UUID]), wanted.fetch)
    return wanted.page([JourneyView.of(one) for one in found], lambda one: (one.began_at, one.id))


@router.get("/journeys/{journey_id}", dependencies=[Require("campaigns:read")])
async def get_journey(journey_id: UUID, tx: Transaction) -> JourneyView:
    """One journey: where it rests, and where it has been."""
    found = await journeys.read_journey(tx, journey_id)
    if found is None:
        raise NotFound(f"There is no journey {journey_id}.")
    return JourneyView.of(found)


def _shown(definition: Definition, response: Response) -> CampaignView:
    response.headers["ETag"] = etag(definition.revision)
    return CampaignView.of(definition)
