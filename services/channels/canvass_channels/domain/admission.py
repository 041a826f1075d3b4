"""Whether a delivery may be claimed now. Judged under its contact's lock, from what is known there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from canvass_channels.domain.delivery import claim, postpone, refuse, suppress
from canvass_channels.domain.model import Delivery, Wanted

GIVEN_UP_AFTER = timedelta(hours=24)
"""A message for which we lacked something for so long is not wanted any more."""

ADDRESS_MAY_COME = timedelta(seconds=30)
"""What makes a contact enter a campaign and what tells its address come by different ways."""

NO_SENDER = "no sender: PUT /senders/default"

LONGEST_PAUSE = timedelta(minutes=5)
SHORTEST_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the contact, the campaign, and us."""

    address: str | None
    campaign_rests: bool
    template_exists: bool
    sender_exists: bool


def admit(
    delivery: Delivery, wanted: Wanted, known: Circumstances, now: datetime, lease_until: datetime
) -> Delivery:
    """The delivery, claimed; or suppressed, failed, or planned for later, with the reason."""
    claimed = claim(delivery, lease_until)
    age = now - wanted.planned_at
    if wanted.channel != "email":
        return refuse(claimed, f"there is no channel {wanted.channel!r}")
    if known.campaign_rests:
        return suppress(claimed, f"campaign {wanted.campaign!r} is paused")
    if known.address is None and age >= ADDRESS_MAY_COME:
        return suppress(claimed, "no e-mail address")
    missing = _missing(wanted, known)
    if not missing:
        return claimed
    if age >= GIVEN_UP_AFTER:
        return refuse(claimed, f"given up: {missing}")
    return postpone(claimed, missing, now + _pause(age))


def _missing(wanted: Wanted, known: Circumstances) -> str:
    """What has to be there first, and how it gets there; nothing when all is."""
    if not known.sender_exists:
        return NO_SENDER
    if not known.template_exists:
        return f"no template: PUT /templates/{wanted.template}"
    return "" if known.address else "no e-mail address yet"


def _pause(age: timedelta) -> timedelta:
    """The longer it has waited, the longer until the next look."""
    return min(max(3 * age, SHORTEST_PAUSE), LONGEST_PAUSE)
