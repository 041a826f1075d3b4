"""Which deliveries this process sends next: judged one by one under their contacts' locks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from canvass_runtime.db import Tx

from canvass_channels.domain.admission import Circumstances, admit
from canvass_channels.domain.model import Delivery, Wanted
from canvass_channels.domain.routing import Route, route
from canvass_channels.store import contacts, deliveries
from canvass_channels.store.contacts import Contact
from canvass_channels.store.ledger_rows import Candidate

from .ledger import Change, move


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send until its lease runs out."""

    delivery: Delivery
    wanted: Wanted
    contact: Contact
    sender: str | None
    """None: the built-in outbox, or none is needed."""
    template_revision: int | None
    destination_revision: int | None
    lane: str

    @property
    def goes_by(self) -> str:
        """As `deliveries.due` tells them apart."""
        return self.wanted.destination or self.delivery.channel


@dataclass(frozen=True, slots=True)
class Claiming:
    """Under which conditions to claim. `real_now` is for leases and retries, `now` for what is said."""

    limit: int
    lease: timedelta
    senders: Mapping[str, str]
    """The kind of each."""
    real_now: datetime
    now: datetime
    but: Collection[str] = ()
    """Destinations and channels of which enough is claimed."""


async def claim(tx: Tx, terms: Claiming) -> tuple[list[Claimed], int]:
    """Claim what is due in the transaction's lane; returns which are ours, and how many are not to leave.

    Contacts that somebody else holds are passed over. What must not or cannot be sent now is not claimed but
    suppressed, failed, or planned for later.
    """
    found = await deliveries.due(tx, tx.lane, terms.real_now, terms.limit, terms.but)
    if not found:
        return [], 0
    held = await contacts.lock_free(tx, {contact_id for contact_id, _ in found})
    candidates = await deliveries.read_candidates(tx, {effect_id for _, effect_id in found}, held.keys())
    judged = [(one, *_judge(one, held[one.entry.delivery.contact_id], terms)) for one in candidates]
    moved = await move(
        tx, [Change(one.entry.delivery, after, one.entry.wanted) for one, _, after in judged], terms.now
    )
    ours = [
        _claimed(one, way, after, held)
        for one, way, after in judged
        if after.state == "claimed" and after.effect_id in moved
    ]
    return ours, len(moved) - len(ours)


def _judge(one: Candidate, contact: Contact, terms: Claiming) -> tuple[Route, Delivery]:
    delivery, wanted = one.entry.delivery, one.entry.wanted
    way = route(delivery.channel, wanted, one.template, one.destination, terms.senders)
    known = Circumstances(
        unaddressed=_unaddressed(delivery.channel, contact),
        unsubscribed=one.unsubscribed,
        campaign_rests=one.campaign_rests,
        wrong=way.wrong,
        missing=way.missing,
    )
    return way, admit(delivery, wanted, known, terms.real_now, terms.real_now + terms.lease)


def _unaddressed(channel: str, contact: Contact) -> str:
    if channel == "email" and contact.email is None:
        return "no e-mail address"
    if channel == "sms" and contact.phone is None:
        return "no telephone number"
    return ""


def _claimed(one: Candidate, way: Route, delivery: Delivery, held: Mapping[UUID, Contact]) -> Claimed:
    return Claimed(
        delivery=delivery,
        wanted=one.entry.wanted,
        contact=held[delivery.contact_id],
        sender=way.sender,
        template_revision=one.template.revision if one.template else None,
        destination_revision=one.destination.revision if one.destination else None,
        lane=one.entry.lane,
    )
