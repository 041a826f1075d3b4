"""How many contacts rules would hold for, before they are a segment."""

from typing import Annotated
from uuid import UUID

from canvass_runtime.app import Now, Transaction
from canvass_runtime.auth import Require
from fastapi import APIRouter, Body
from pydantic import BaseModel, JsonValue

from canvass_segments.use_cases import previewing

router = APIRouter()


class PreviewView(BaseModel):
    """For whom rules hold now."""

    count: int
    """Contacts for whom they hold."""
    total: int
    """All contacts."""
    exact: bool
    """False where there are so many contacts that both numbers are estimated from some of them."""
    sample: list[UUID]
    """Up to ten contacts for whom they hold."""


@router.post("/segments/preview", dependencies=[Require("segments:read")])
async def preview_segment(
    rules: Annotated[JsonValue, Body(embed=True)], tx: Transaction, now: Now
) -> PreviewView:
    """Count for how many contacts `{"rules": {"match": …, "rules": […]}}` hold, within a few seconds.

    Where an exact count would take longer it is an estimate, and says so.
    """
    found = await previewing.preview(tx, rules, now)
    return PreviewView(count=found.count, total=found.total, exact=found.exact, sample=found.sample)
