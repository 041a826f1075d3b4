"""Whom a segment holds when a campaign is published arrives in pages, and enters a chunk at a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from canvass_messaging.contacts import lock
from canvass_runtime.db import Tx
from canvass_schemas.segments import AudiencePage

from canvass_campaigns.domain.model import Campaign
from canvass_campaigns.store import arrivals as store
from canvass_campaigns.store import contacts as mirrors
from canvass_campaigns.store.arrivals import Arrival
from canvass_campaigns.store.listening import read_listening
from canvass_campaigns.tables import contacts
from canvass_campaigns.use_cases.walking import Entry, enter


async def audience_told(tx: Tx, pages: Sequence[AudiencePage]) -> None:
    """Keep who is to enter: a batch of pages may hold far more than one transaction should lock."""
    told = [
        Arrival(
            member.contact_id,
            page.data.campaign,
            page.data.segment,
            member.revision,
            member.contact_revision,
            page.id,
        )
        for page in pages
        for member in page.data.members
    ]
    if told:
        await store.keep_arrivals(tx, told)


async def let_in(tx: Tx, now: datetime, limit: int) -> int:
    """Some of those who arrived enter; returns how many contacts were looked at.

    Who has been heard to have left since does not, nor does who turned out to be somebody else.
    """
    waiting = await store.contacts_arriving(tx, limit)
    if not waiting:
        return 0
    standings = await lock(tx, contacts, waiting)
    taken = [one for one in await store.take(tx, waiting) if not standings.is_merged(one.contact_id)]
    published = (await read_listening(tx)).published
    wanted = [one for one in taken if _leads_in(one, published)]
    memberships = {(one.contact_id, one.segment): one.revision for one in wanted}
    await mirrors.keep_memberships(tx, [(*of, True, revision) for of, revision in memberships.items()])
    gone = await mirrors.read_gone(tx, memberships)
    await enter(
        tx,
        [
            Entry(
                one.contact_id,
                (one.campaign, published[one.campaign].version),
                now,
                because=one.because,
                contact_revision=one.contact_revision,
            )
            for one in wanted
            if (one.contact_id, one.segment) not in gone
        ],
    )
    return len(waiting)


def _leads_in(arrival: Arrival, published: Mapping[str, Campaign]) -> bool:
    campaign = published.get(arrival.campaign)
    return campaign is not None and arrival.segment in campaign.segments
