"""Campaigns: drafted, published, unpublished, and their numbers."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated, Self

from canvass_runtime.app import Now, Transaction
from canvass_runtime.auth import Require
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.idempotency import OnceOnly, once_in
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Depends, Path, Query, Response, status
from pydantic import BaseModel, JsonValue

from canvass_campaigns.store import tallies
from canvass_campaigns.store.definitions import Definition, Status, list_definitions
from canvass_campaigns.store.tallies import Counts
from canvass_campaigns.tables import idempotency_keys
from canvass_campaigns.use_cases import defining

from .documents import DOCUMENT_BODY, Document

router = APIRouter()

Key = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9_-]{0,99}$")]
"""1 to 100 lower-case letters, digits, - and _."""
Once = Annotated[OnceOnly, Depends(once_in(idempotency_keys))]


SPARK_DAYS = 14


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
    def of(cls, definition: Definition, **more: object) -> Self:
        """As it is remembered."""
        return cls.model_validate({**asdict(definition), "name": definition.document["name"], **more})


class CampaignListed(CampaignSummary):
    """Where a campaign stands, and how many it has moved."""

    sources: list[str]
    """By what contacts come in: `segment hot`, `form webinar`, `event Order Completed`."""
    entered: int
    under_way: int
    ended: int
    sent: int
    """Messages of all channels."""
    entered_by_day: list[int]
    """Of the last 14 days, in UTC, today last."""


class CampaignView(CampaignSummary):
    """A campaign with its draft document."""

    document: dict[str, JsonValue]
    problems: dict[str, str]
    """What is wrong with the draft, by JSON Pointer. With any, it cannot be published."""

    @classmethod
    def shown(cls, definition: Definition) -> "CampaignView":
        """With what is wrong with it."""
        return cls.of(definition, problems=defining.problems_of(definition.key, definition.document))


class PublishedView(BaseModel):
    """What is in force, and what that brought about."""

    campaign: str
    version: int
    changed: bool
    """False when this very document was in force already: then nothing was done."""
    segments: list[str]
    """Whose members were asked for: who is in one by now enters, too."""


class StepNumbers(BaseModel):
    """How many journeys stand at a step, and how many have passed it, by how it ended for them."""

    step: str
    kind: str | None
    """`send_email`, `opened`, `if`, ...; none when no version in force has the step any longer."""
    waiting: int
    passed: dict[str, int]
    """By outcome: sent, failed, suppressed; waited; changed; yes, no; late."""


class CampaignNumbers(BaseModel):
    """What has become of those who entered, over all versions."""

    campaign: str
    entered: int
    under_way: int
    ended: int
    steps: list[StepNumbers]


_Incomplete = Annotated[
    bool, Query(description="Keep it even if it is no whole campaign yet; what is missing is in `problems`.")
]


@router.put(
    "/campaigns/{key}",
    dependencies=[Require("campaigns:write")],
    responses={status.HTTP_201_CREATED: {"model": CampaignView}},
    openapi_extra=DOCUMENT_BODY,
)
async def put_campaign(
    key: Key,
    document: Document,
    precondition: Precondition,
    tx: Transaction,
    response: Response,
    *,
    incomplete: _Incomplete = False,
) -> CampaignView:
    """Draft a campaign, or draft it anew, in JSON or (as `application/yaml`) in YAML.

    What is published stays in force until it is published again.
    """
    current = await defining.find_definition(tx, key)
    precondition.check(current.revision if current else None)
    if current is None:
        response.status_code = status.HTTP_201_CREATED
    put = defining.replace_draft if current else defining.create_draft
    return _shown(await put(tx, key, document, incomplete=incomplete), response)


@router.get("/campaigns/{key}", dependencies=[Require("campaigns:read")])
async def get_campaign(key: Key, tx: Transaction, response: Response) -> CampaignView:
    """One campaign with its draft document."""
    return _shown(await defining.read_definition(tx, key), response)


@router.get("/campaigns", dependencies=[Require("campaigns:read")])
async def list_campaigns(tx: Transaction, wanted: PageWanted, now: Now) -> Page[CampaignListed]:
    """All campaigns, in the order of their keys."""
    found = await list_definitions(tx, wanted.after(str), wanted.fetch)
    counts = await tallies.read(tx, [one.key for one in found], steps=True)
    listed = [_listed(one, counts.get(one.key, {}), now.date()) for one in found]
    return wanted.page(listed, lambda one: one.key)


@router.post("/campaigns/{key}/publish", dependencies=[Require("campaigns:publish")])
async def publish_campaign(key: Key, tx: Transaction, once: Once) -> PublishedView:
    """Put the draft in force as a version that never changes; one like the newest version stays that one."""

    async def publish() -> PublishedView:
        done = await defining.publish(tx, key)
        return PublishedView(
            campaign=key, version=done.version, changed=done.changed, segments=list(done.segments)
        )

    return await once(tx, PublishedView, publish)


@router.post("/campaigns/{key}/unpublish", dependencies=[Require("campaigns:publish")])
async def unpublish_campaign(key: Key, tx: Transaction) -> CampaignView:
    """Nobody enters it any longer, and what its journeys want is not sent, until it is published again."""
    return CampaignView.shown(await defining.unpublish(tx, key))


@router.get("/campaigns/{key}/numbers", dependencies=[Require("campaigns:read")])
async def get_campaign_numbers(key: Key, tx: Transaction) -> CampaignNumbers:
    """How many stand at each step, and went each way."""
    definition = await defining.read_definition(tx, key)
    kinds = await defining.kinds_of_steps(tx, definition)
    counts = (await tallies.read(tx, [key], steps=True)).get(key, {})
    told = {step for step, _ in counts if step}
    return CampaignNumbers(
        campaign=key,
        **_totals(counts),
        steps=[
            StepNumbers(
                step=step,
                kind=kinds.get(step),
                waiting=counts.get((step, "waiting"), 0),
                passed={
                    what: number
                    for (of, what), number in sorted(counts.items())
                    if of == step and what != "waiting"
                },
            )
            for step in [*kinds, *sorted(told - kinds.keys())]
        ],
    )


def _totals(counts: Counts) -> dict[str, int]:
    entered, ended = counts.get(("", "entered"), 0), counts.get(("", "ended"), 0)
    return {"entered": entered, "ended": ended, "under_way": entered - ended}


def _shown(definition: Definition, response: Response) -> CampaignView:
    response.headers["ETag"] = etag(definition.revision)
    return CampaignView.shown(definition)


def _listed(definition: Definition, counts: Counts, today: date) -> CampaignListed:
    days = [today - timedelta(days=ago) for ago in reversed(range(SPARK_DAYS))]
    return CampaignListed.of(
        definition,
        **_totals(counts),
        sources=[
            " ".join(map(str, next(iter(source.items()), ()))) for source in definition.document["sources"]
        ],
        sent=sum(number for (_, what), number in counts.items() if what == "sent"),
        entered_by_day=[counts.get(("", tallies.entered_on(day)), 0) for day in days],
    )


def _in_words(source: Mapping[str, object]) -> str:
    kind, key = next(iter(source.items()), ("", ""))
    return f"{kind} {key}"
