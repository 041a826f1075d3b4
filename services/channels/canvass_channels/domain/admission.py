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

LONGEST_PAUSE = timedelta(minutes=5)
SHORTEST_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the contact, the campaign, and us."""

    unaddressed: str = ""
    """`no e-mail address`, when the contact has none and the channel needs one."""
    unsubscribed: bool = False
    campaign_rests: bool = False
    wrong: str = ""
    """Why it can never be sent."""
    missing: str = ""
    """What has to be there first, and how it gets there."""


def admit(
    delivery: Delivery, wanted: Wanted, known: Circumstances, now: datetime, lease_until: datetime
) -> Delivery:
    """The delivery, claimed; or suppressed, failed, or planned for later, with the reason."""
    claimed = claim(delivery, lease_until)
    age = now - wanted.planned_at
    if known.wrong:
        return refuse(claimed, known.wrong)
    if forbidden := _forbidden(delivery, wanted, known, age):
        return suppress(claimed, forbidden)
    missing = known.missing or (known.unaddressed and f"{known.unaddressed} yet")
    if not missing:
        return claimed
    if age >= GIVEN_UP_AFTER:
        return refuse(claimed, f"given up: {missing}")
    return postpone(claimed, missing, now + _pause(age))


def _forbidden(delivery: Delivery, wanted: Wanted, known: Circumstances, age: timedelta) -> str:
    """Why it must not be sent; nothing when it may."""
    if known.campaign_rests:
        return f"campaign {wanted.campaign!r} is paused"
    if known.unsubscribed and delivery.message_class == "marketing":
        return f"the contact has unsubscribed from {delivery.channel}"
    return known.unaddressed if age >= ADDRESS_MAY_COME else ""


def _pause(age: timedelta) -> timedelta:
    """The longer it has waited, the longer until the next look."""
    return min(max(3 * age, SHORTEST_PAUSE), LONGEST_PAUSE)
