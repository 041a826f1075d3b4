"""Memory of where people have put the parts of a campaign on the canvas, apart from what the campaign is."""

from collections.abc import Mapping
from typing import Any

from canvass_runtime.db import Tx
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from canvass_campaigns.tables import layouts


async def read_layout(tx: Tx, campaign: str) -> Mapping[str, Any]:
    """Places by node; empty where nobody has put anything."""
    return await tx.scalar(select(layouts.c.places).where(layouts.c.campaign == campaign)) or {}


async def keep_layout(tx: Tx, campaign: str, places: Mapping[str, Any]) -> None:
    """In the place of what was there."""
    keeping = insert(layouts).values(campaign=campaign, places=places)
    same = {"places": keeping.excluded.places}
    await tx.execute(keeping.on_conflict_do_update(index_elements=["campaign"], set_=same))
