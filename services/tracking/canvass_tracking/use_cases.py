"""One function, one transaction: load many, decide each, keep many."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.ids import uuid7

from canvass_tracking import announce
from canvass_tracking.domain.arrivals import Arrival, Link, settled
from canvass_tracking.domain.identify import identify
from canvass_tracking.domain.identities import identities
from canvass_tracking.domain.model import Contact, Identified, Identity, IncomingEvent, Known
from canvass_tracking.store import contacts, messages, sources
from canvass_tracking.store.contacts import Raced
from canvass_tracking.store.sources import Source

Stated = tuple[Identity, ...]


async def take(tx: Tx, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Take in what has arrived, as far as it was not taken before; returns how many events that were.

    Raises Raced when another process has come first with one of the same visitors: then do it again.
    """
    fresh = await messages.keep_new(tx, arrivals, now.date())
    if not fresh:
        return 0
    whose, identified = await _recognise(tx, [one.who for one in fresh], now)
    await announce.contacts(tx, identified, now)
    await announce.behaviours(tx, fresh, whose)
    return len(fresh)


async def _recognise(tx: Tx, who: Sequence[IncomingEvent], now: datetime) -> tuple[list[Link], Identified]:
    """Whose each event is, once all of them are decided, and what has followed from them."""
    stated = [identities(one) for one in who]
    links = await contacts.read_links(tx, list({identity: None for one in stated for identity in one}))
    whose = [settled(one, by, links) for one, by in zip(who, stated, strict=True)]
    open_ones = [n for n, contact_id in enumerate(whose) if contact_id is None]
    identified = await _decide(tx, [who[n] for n in open_ones], [stated[n] for n in open_ones], links, now)
    for n, contact_id in zip(open_ones, identified.whose, strict=True):
        whose[n] = contact_id
    told = {link.contact_id: link.identified for link in links.values()}
    told |= {contact_id: contact.identified for contact_id, contact in identified.changed.items()}
    moved = {one.loser: one.into for one in identified.merges}
    today = [moved.get(contact_id, contact_id) for contact_id in whose if contact_id]
    return [Link(contact_id, told[contact_id]) for contact_id in today], identified


_NOTHING = Identified((), (), {}, {}, frozenset(), ())


async def _decide(
    tx: Tx,
    who: Sequence[IncomingEvent],
    stated: Sequence[Stated],
    links: Mapping[Identity, Link],
    now: datetime,
) -> Identified:
    if not who:
        return _NOTHING
    involved = {id_: links[id_].contact_id for by in stated for id_ in by if id_ in links}
    held = await contacts.lock(tx, set(involved.values()))
    if not all(_still(held.get(contact_id), identity) for identity, contact_id in involved.items()):
        raise Raced
    identified = identify(who, Known(held, involved), now, uuid7)
    await _keep(tx, identified)
    return identified


def _still(contact: Contact | None, identity: Identity) -> bool:
    """Whether the contact, now that we hold it, goes by that identity as it did when we looked."""
    if contact is None or contact.merged_into:
        return False
    match identity.kind:
        case "user_id":
            return contact.user_id == identity.value
        case "email":
            return contact.email == identity.value
        case _:
            return True  # a browser is never taken from the contact that it was linked to


async def _keep(tx: Tx, identified: Identified) -> None:
    moved = {one.loser: one.into for one in identified.merges}
    if identified.changed:
        changed = identified.changed.values()
        await contacts.keep(
            tx, [replace(one, merged_into=moved[one.id]) if one.id in moved else one for one in changed]
        )
    if identified.unlinked:
        await contacts.unlink(tx, identified.unlinked)
    if identified.linked:
        await contacts.link(tx, identified.linked)
    if identified.merges:
        await contacts.merge(tx, identified.merges)


async def put_source(tx: Tx, key: str, name: str, *, trusted: bool, write_key: str) -> Source:
    """Make a source with this write key, or change the one that is there, which keeps its own."""
    return await sources.put_source(tx, key, name, trusted=trusted, write_key=write_key)


async def list_sources(tx: Tx, after: str | None, limit: int) -> list[Source]:
    """Sources, by key."""
    return await sources.read_sources(tx, after, limit)


async def list_contacts(
    tx: Tx, *, user_id: str | None, email: str | None, after: UUID | None, limit: int
) -> list[Contact]:
    """Contacts, the oldest first; those (at most one) that go by all that is told."""
    address = email.strip().lower() if email else None
    if user_id:
        found = await contacts.find(tx, Identity("user_id", user_id))
    elif address:
        found = await contacts.find(tx, Identity("email", address))
    else:
        return await contacts.page(tx, after, limit)
    if found is None or (address and found.email != address) or (after and found.id <= after):
        return []
    return [found]


async def find_contact(tx: Tx, contact_id: UUID) -> Contact | None:
    """The contact as it is called today."""
    return await contacts.read(tx, contact_id)
