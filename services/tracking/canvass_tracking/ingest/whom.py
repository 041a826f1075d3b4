"""Who an event is from, and how far its word about them goes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from canvass_tracking.addresses import email_of, phone_of
from canvass_tracking.domain.model import IncomingEvent
from canvass_tracking.domain.trust import is_signed
from canvass_tracking.ingest.limits import MAX_ID, Rejected
from canvass_tracking.ingest.parse import Posted
from canvass_tracking.ingest.telling import Told
from canvass_tracking.ingest.values import identifier

HASH = "userHash"
"""In an event's context: its user id, signed."""
HASH_TRAIT = "user_hash"


class Trust(NamedTuple):
    """What is known of the source that an event came from."""

    trusted: bool
    secret: str | None = None
    """By which user ids are signed."""
    phone_region: str | None = None
    """Of phone numbers without a country code."""


def who_of(posted: Posted, told: Told, context: Mapping[str, Any], trust: Trust, nul: bool) -> IncomingEvent:
    """Who is meant. Raises Rejected when nobody is."""
    user_id = identifier(posted.get("userId"), "userId", MAX_ID, nul)
    anonymous_id = identifier(posted.get("anonymousId"), "anonymousId", MAX_ID, nul)
    traits = told.traits
    email = email_of(traits["email"]) if "email" in traits else None
    if not user_id and not anonymous_id and not email:
        raise Rejected("no_user_anon_id", "An event needs a `userId` or an `anonymousId`.")
    claimed = context.get(HASH)
    if HASH_TRAIT in traits:
        claimed = claimed or traits[HASH_TRAIT]
        traits = {name: value for name, value in traits.items() if name != HASH_TRAIT}
    # A signature says who somebody is, and nothing of who they were before.
    secret = trust.secret if told.previous_id is None else None
    return IncomingEvent(
        anonymous_id,
        user_id,
        traits,
        trust.trusted or (secret is not None and is_signed(secret, user_id, claimed)),
        told.previous_id,
        email,
        phone_of(traits["phone"], trust.phone_region) if "phone" in traits else None,
    )
