"""People look at journeys: each with the campaign as it is walked."""

from collections.abc import Sequence
from uuid import UUID

from canvass_runtime.db import Tx

from canvass_campaigns.domain.model import Campaign, Journey
from canvass_campaigns.store import definitions
from canvass_campaigns.store import journeys as store
from canvass_campaigns.store.contacts import read_today
from canvass_campaigns.store.journeys import Place

Walk = tuple[Journey, Campaign]


async def journeys_of_campaign(
    tx: Tx, key: str, before: Place | None, limit: int, step: str | None
) -> list[Walk]:
    """The youngest first; with `step` those that rest there."""
    return await _walks(tx, await store.list_journeys(tx, key, before, limit, step=step))


async def journeys_of_contact(tx: Tx, contact_id: UUID, before: Place | None, limit: int) -> list[Walk]:
    """The youngest first, of who the contact is today."""
    today = await read_today(tx, contact_id)
    return await _walks(tx, await store.list_journeys_of(tx, today, before, limit))


async def journey(tx: Tx, id_: UUID) -> Walk | None:
    """One journey."""
    found = await store.read_journey(tx, id_)
    return (await _walks(tx, [found]))[0] if found else None


async def _walks(tx: Tx, found: Sequence[Journey]) -> list[Walk]:
    campaigns = await definitions.read_campaigns(tx, {(one.campaign, one.version) for one in found})
    return [(one, campaigns[one.campaign, one.version]) for one in found]
