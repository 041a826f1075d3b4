"""Journeys: where each stands, what it waits for until when, and why it went the way it did."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.errors import NotFound
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Query
from pydantic import BaseModel, JsonValue

from canvass_campaigns.domain.model import Campaign, Journey, Position
from canvass_campaigns.domain.signals import Passed, StepOutcome
from canvass_campaigns.domain.steps import named
from canvass_campaigns.store.passages import read_passages
from canvass_campaigns.use_cases import defining, looking

from .campaigns import Key

router = APIRouter()

WaitsFor = Literal["message", "verdict", "time", "behaviour", "publishing"]
_WAITS_FOR: dict[str, WaitsFor] = {
    "send_email": "message",
    "send_sms": "message",
    "webhook": "message",
    "notify": "message",
    "wait": "time",
    "if": "verdict",
}


class PositionView(BaseModel):
    """A step where a journey rests."""

    step: str
    kind: str
    """`send_email`, `wait`, `opened`, `if`, ..."""
    visit: int
    arrived_at: datetime
    waits_for: WaitsFor
    """What became of its message, a verdict of `segments`, a time, what the contact does; or that the
    campaign is published again."""
    until: datetime | None
    """When a wait ends, or a decision's patience; none where it waits as long as it takes."""

    @classmethod
    def of(cls, at: Position, campaign: Campaign) -> "PositionView":
        """As it is remembered."""
        kind = named(campaign.steps[at.step])
        return cls(
            step=at.step,
            kind=kind,
            visit=max(at.visit, 1),
            arrived_at=at.arrived_at,
            waits_for=_WAITS_FOR.get(kind, "behaviour") if at.visit else "publishing",
            until=at.deadline or (at.wakes_at if at.visit else None),
        )


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
    began_because: UUID | None
    """The event that led here."""
    wakes_at: datetime | None
    """When it goes on, if nothing is heard before."""
    ended_at: datetime | None
    end_reason: str | None

    @classmethod
    def of(cls, journey: Journey, campaign: Campaign) -> "JourneyView":
        """As it is remembered."""
        return cls.model_validate(_seen(journey, campaign))


class TimelineEntry(BaseModel):
    """A step that is behind the journey, and why it went on as it did."""

    step: str
    kind: str | None
    """None where the version that the journey walks now has this step no longer."""
    visit: int
    arrived_at: datetime
    at: datetime
    """When it was over."""
    outcome: StepOutcome
    because: UUID | None
    """The event behind it: what the contact did, what became of the message, the verdict."""
    happened_at: datetime | None
    """When the contact did it, which may be before the step was reached."""
    values: dict[str, JsonValue] | None
    """What a condition looked at; why a message was not sent."""

    @classmethod
    def of(cls, passed: Passed, campaign: Campaign) -> "TimelineEntry":
        """As it is remembered."""
        return cls.model_validate(
            {
                "step": passed.step,
                "kind": named(campaign.steps[passed.step]) if passed.step in campaign.steps else None,
                "visit": passed.visit,
                "arrived_at": passed.arrived_at,
                "at": passed.at,
                "outcome": passed.outcome,
                "because": passed.because,
                "happened_at": passed.happened_at,
                "values": passed.values,
            }
        )


class JourneyTimeline(JourneyView):
    """A journey with all that is behind it, the earliest first."""

    timeline: list[TimelineEntry]


_Step = Annotated[str | None, Query(max_length=100, description="Only journeys that rest at this step.")]


@router.get("/campaigns/{key}/journeys", dependencies=[Require("campaigns:read")])
async def list_journeys(
    key: Key, tx: Transaction, wanted: PageWanted, step: _Step = None
) -> Page[JourneyView]:
    """Who walks or has walked through a campaign, the youngest journeys first."""
    await defining.read_definition(tx, key)
    place = wanted.after(tuple[datetime, UUID])
    found = await looking.journeys_of_campaign(tx, key, place, wanted.fetch, step)
    return wanted.page([JourneyView.of(*one) for one in found], _place)


@router.get("/contacts/{contact_id}/journeys", dependencies=[Require("campaigns:read")])
async def list_contact_journeys(contact_id: UUID, tx: Transaction, wanted: PageWanted) -> Page[JourneyView]:
    """What campaigns a contact walks or has walked through, the youngest journeys first."""
    place = wanted.after(tuple[datetime, UUID])
    found = await looking.journeys_of_contact(tx, contact_id, place, wanted.fetch)
    return wanted.page([JourneyView.of(*one) for one in found], _place)


@router.get("/journeys/{journey_id}", dependencies=[Require("campaigns:read")])
async def get_journey(journey_id: UUID, tx: Transaction) -> JourneyTimeline:
    """One journey: where it rests, where it has been, and why."""
    found = await looking.journey(tx, journey_id)
    if found is None:
        raise NotFound(f"There is no journey {journey_id}.")
    journey, campaign = found
    behind = [TimelineEntry.of(one, campaign) for one in await read_passages(tx, journey)]
    return JourneyTimeline.model_validate({**_seen(journey, campaign), "timeline": behind})


def _place(view: JourneyView) -> tuple[datetime | None, UUID]:
    return view.began_at, view.id


def _seen(journey: Journey, campaign: Campaign) -> dict[str, object]:
    times = [at.deadline or at.wakes_at for at in journey.open if at.visit]
    return {
        "id": journey.id,
        "contact_id": journey.contact_id,
        "campaign": journey.campaign,
        "version": journey.version,
        "entry": journey.entry,
        "positions": [PositionView.of(at, campaign) for at in journey.open],
        "visits": dict(journey.visits),
        "began_at": journey.began_at,
        "began_because": journey.began_by,
        "wakes_at": min((time for time in times if time), default=None),
        "ended_at": journey.ended_at,
        "end_reason": journey.end,
    }
