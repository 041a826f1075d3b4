"""By what an event can be recognised."""

import re
from collections.abc import Iterable

from canvass_tracking.domain.model import Attributes, Identity, IncomingEvent

_PART = r'[^\s@<>(),;:\\"\[\]\x00-\x1f\x7f]'
_EMAIL = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,253}}")


def identities(event: IncomingEvent) -> tuple[Identity, ...]:
    """The strongest first: who says a user id means that person, whatever browser it is said from."""
    found: list[Identity] = []
    if event.user_id:
        found.append(Identity("user_id", event.user_id))
    if event.traits and (email := email_of(event.traits)):
        found.append(Identity("email", email))
    if event.anonymous_id:
        found.append(Identity("anonymous_id", event.anonymous_id))
    if event.previous_id is not None:
        found.append(Identity("anonymous_id", event.previous_id))
    return tuple(found)


def former(event: IncomingEvent) -> Identity | None:
    """The user id that an alias may mean: nobody knows whether what it calls previous was one."""
    return None if event.previous_id is None else Identity("user_id", event.previous_id)


def spoken_of(event: IncomingEvent) -> tuple[Identity, ...]:
    """All whose holders must be known to decide about an event."""
    found = identities(event)
    if event.previous_id is None:  # nearly always
        return found
    return (*found, Identity("user_id", event.previous_id))


def all_identities(events: Iterable[IncomingEvent]) -> frozenset[Identity]:
    """What `identify` must know of: load their links, and the contacts behind those."""
    return frozenset(identity for event in events for identity in spoken_of(event))


def email_of(traits: Attributes) -> str | None:
    """The address among the traits, as it is compared: trimmed, lower case. None if it is none."""
    stated = traits.get("email")
    if not isinstance(stated, str):
        return None
    email = stated.strip().lower()
    return email if len(email) <= 254 and _EMAIL.fullmatch(email) else None
