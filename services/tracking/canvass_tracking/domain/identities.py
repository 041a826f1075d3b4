"""By what an event can be recognised."""

from collections.abc import Iterable

from canvass_tracking.domain.model import Identity, IncomingEvent


def identities(event: IncomingEvent) -> tuple[Identity, ...]:
    """The strongest first: who says a user id means that person, whatever browser it is said from.

    Stronger than all is the contact itself, where it is named: that never comes from outside unsigned.
    """
    found: list[Identity] = []
    if event.contact_id:
        found.append(Identity("contact_id", str(event.contact_id)))
    if event.user_id:
        found.append(Identity("user_id", event.user_id))
    if event.email:
        found.append(Identity("email", event.email))
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
