"""Where the parts of a campaign stand on the canvas: nobody's business but the console's."""

from typing import Annotated

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from canvass_campaigns.domain.vocabulary import MAX_SOURCES, MAX_STEPS
from canvass_campaigns.store import layouts
from canvass_campaigns.use_cases import defining

from .campaigns import Key

router = APIRouter()

_FAR = 1_000_000


class Place(BaseModel):
    """In pixels, right and down from where the canvas begins."""

    model_config = ConfigDict(extra="forbid")

    x: float = Field(ge=-_FAR, le=_FAR, allow_inf_nan=False)
    y: float = Field(ge=-_FAR, le=_FAR, allow_inf_nan=False)


_Node = Annotated[str, Field(pattern="^(step|source):[a-z0-9_-]{1,100}$")]


class Layout(BaseModel):
    """Where each part stands: `step:<name>`, `source:<number>`."""

    model_config = ConfigDict(extra="forbid")

    places: dict[_Node, Place] = Field(max_length=MAX_STEPS + MAX_SOURCES)


@router.get("/campaigns/{key}/layout", dependencies=[Require("campaigns:read")])
async def get_campaign_layout(key: Key, tx: Transaction) -> Layout:
    """Where people have put the parts of a campaign. What is not named here, the canvas lays out itself."""
    await defining.read_definition(tx, key)
    return Layout.model_validate({"places": await layouts.read_layout(tx, key)})


@router.put("/campaigns/{key}/layout", dependencies=[Require("campaigns:write")])
async def put_campaign_layout(key: Key, layout: Layout, tx: Transaction) -> Layout:
    """Keep it. The last to move something wins; what the campaign does is not touched."""
    await defining.read_definition(tx, key)
    await layouts.keep_layout(tx, key, layout.model_dump()["places"])
    return layout
