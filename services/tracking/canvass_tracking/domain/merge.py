"""Two contacts that turn out to be one person."""

from dataclasses import replace

from canvass_tracking.domain.model import Contact, Identity
from canvass_tracking.domain.traits import joined, tagged


def may_merge(target: Contact, other: Contact, *, by: Identity, trusted: bool) -> bool:
    """Whether an event of `target`, by which `other` was found, is enough to make them one."""
    if not other.identified:
        return True
    contradicts_user = None not in (target.user_id, other.user_id)
    contradicts_email = None not in (target.email, other.email) and by.kind != "email"
    return trusted and not contradicts_user and not contradicts_email


def lives_on(one: Contact, other: Contact) -> bool:
    """Whether the first of the two does: the identified one, else the older."""
    if one.identified != other.identified:
        return one.identified
    return (one.created_at, one.id) <= (other.created_at, other.id)


def merged(winner: Contact, loser: Contact) -> Contact:
    """The winner, with what only the loser knew."""
    identified = [at for at in (winner.identified_at, loser.identified_at) if at]
    return replace(
        winner,
        created_at=min(winner.created_at, loser.created_at),
        user_id=winner.user_id or loser.user_id,
        email=winner.email or loser.email,
        phone=winner.phone or loser.phone,
        attributes=joined(winner.attributes, loser.attributes),
        tags=tagged(winner.tags, loser.tags),
        identified_at=min(identified, default=None),
    )


def forwarded(loser: Contact, winner: Contact) -> Contact:
    """What is kept of the loser: where it went."""
    return Contact(loser.id, loser.created_at, loser.revision + 1, merged_into=winner.id)
