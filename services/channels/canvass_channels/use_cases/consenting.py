"""Contacts say whether they may be written to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from canvass_messaging.contacts import lock
from canvass_runtime.db import Tx

from canvass_channels import announce
from canvass_channels.announce import Said
from canvass_channels.domain.consent import Consent, ConsentStatus, changed, united
from canvass_channels.store import consents
from canvass_channels.store.consents import Standing
from canvass_channels.tables import contacts


@dataclass(frozen=True, slots=True)
class Saying:
    """What a contact says: of which channel, and how it was said (`one_click`, `page`, `api`)."""

    contact_id: UUID
    channel: str
    status: ConsentStatus
    reason: str


async def say(tx: Tx, saying: Saying, now: datetime) -> Standing:
    """It holds from now on, and is told. Said twice, it changes nothing.

    Whoever has been merged since speaks for the contact that lives on. It waits for a claim that is being
    made: what is claimed after this honours it.
    """
    standings = await lock(tx, contacts, [saying.contact_id])
    contact_id = standings.today(saying.contact_id)
    known = {one.channel: one for one in await consents.read(tx, [contact_id])}
    before = known.get(saying.channel)
    after = changed(before.consent if before else None, saying.status, saying.reason, now)
    if after is None:
        assert before  # noqa: S101 - something is known that stays as it is
        return before
    standing = Standing(contact_id, saying.channel, after)
    await _keep(tx, [standing])
    return standing


async def unite(tx: Tx, merges: Collection[tuple[UUID, UUID]], now: datetime) -> None:
    """What the first of each pair has said, the second has said, too. Both are locked."""
    said = await consents.read(tx, {contact_id for pair in merges for contact_id in pair})
    if not said:
        return
    known = {(one.contact_id, one.channel): one.consent for one in said}
    changes: dict[tuple[UUID, str], Consent] = {}
    for loser, winner in sorted(merges):
        for (contact_id, channel), consent in known.items():
            if contact_id == loser:
                place = winner, channel
                after = united(changes.get(place) or known.get(place), consent, now)
                changes |= {place: after} if after else {}
    await _keep(tx, [Standing(contact_id, channel, one) for (contact_id, channel), one in changes.items()])


async def _keep(tx: Tx, standings: Iterable[Standing]) -> None:
    standings = list(standings)
    if standings:
        await consents.keep(tx, standings)
        await announce.consent_changed(
            tx, [Said(one.contact_id, one.channel, one.consent) for one in standings]
        )
