"""Which deliveries this process sends next: judged one by one under their contacts' locks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from canvass_runtime.db import Tx

from canvass_channels.domain.admission import GIVEN_UP_AFTER, Circumstances, admit
from canvass_channels.domain.model import Delivery, Wanted
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
    template_revision: int
    lane: str


@dataclass(frozen=True, slots=True)
class Claiming:
    """Under which conditions to claim. `real_now` is for leases and retries, `now` for what is said."""

    limit: int
    lease: timedelta
    sender_exists: bool
    real_now: datetime
    now: datetime


async def claim(tx: Tx, terms: Claiming) -> tuple[list[Claimed], int]:
    """Claim what is due in the transaction's lane; returns which are ours, and how many are not to leave.

    Contacts that somebody else holds are passed over. What must not or cannot be sent now is not claimed but
    suppressed, failed, or planned for later.
    """
    before = terms.real_now if terms.sender_exists else terms.real_now - GIVEN_UP_AFTER
    found = await deliveries.due(tx, tx.lane, before, terms.limit)
    if not found:
        return [], 0
    held = await contacts.lock_free(tx, {contact_id for contact_id, _ in found})
    candidates = await deliveries.read_candidates(tx, {effect_id for _, effect_id in found}, held.keys())
    judged = [(one, _judge(one, held[one.entry.delivery.contact_id], terms)) for one in candidates]
    moved = await move(
        tx, [Change(one.entry.delivery, after, one.entry.wanted) for one, after in judged], terms.now
    )
    ours = [
        _claimed(one, after, held)
        for one, after in judged
        if after.state == "claimed" and after.effect_id in moved
    ]
    return ours, len(moved) - len(ours)


def _judge(one: Candidate, contact: Contact, terms: Claiming) -> Delivery:
    known = Circumstances(
        address=contact.email,
        campaign_rests=one.campaign_rests,
        template_exists=one.template_revision is not None,
        sender_exists=terms.sender_exists,
    )
    return admit(one.entry.delivery, one.entry.wanted, known, terms.real_now, terms.real_now + terms.lease)


def _claimed(one: Candidate, delivery: Delivery, held: Mapping[UUID, Contact]) -> Claimed:
    revision = one.template_revision or 0
    return Claimed(delivery, one.entry.wanted, held[delivery.contact_id], revision, one.entry.lane)
