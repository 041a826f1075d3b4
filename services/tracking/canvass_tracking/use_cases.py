"""One function, one transaction: load many, decide each, keep many."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.ids import uuid7

from canvass_tracking import announce
from canvass_tracking.addresses import email_of
from canvass_tracking.domain.arrivals import Arrival, Link, settled
from canvass_tracking.domain.identify import identify
from canvass_tracking.domain.identities import spoken_of
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
    await announce.behaviours(tx, fresh, whose, now)
    return len(fresh)


async def _recognise(tx: Tx, who: Sequence[IncomingEvent], now: datetime) -> tuple[list[Link], Identified]:
    """Whose each event is, once all of them are decided, and what has followed from them."""
    stated = [spoken_of(one) for one in who]
    links = await contacts.read_links(tx, list({identity: None for one in stated for identity in one}))
    whose = [settled(one, by, links) for one, by in zip(who, stated, strict=True)]
    open_ones = [n for n, link in enumerate(whose) if link is None]
    identified = await _decide(tx, [who[n] for n in open_ones], [stated[n] for n in open_ones], links, now)
    known = {link.contact_id: link for link in links.values()} | _changed(identified)
    for n, contact_id in zip(open_ones, identified.whose, strict=True):
        whose[n] = known[contact_id]
    return [known[link.contact_id] for link in whose if link], identified


def _changed(identified: Identified) -> dict[UUID, Link]:
    """Whom the contacts that have changed are now."""
    into = {one.loser: one.into for one in identified.merges}
    living = {contact_id: into.get(contact_id, contact_id) for contact_id in identified.changed}
    return {old: _link(identified.changed[new]) for old, new in living.items()}


def _link(contact: Contact) -> Link:
    return Link(contact.id, contact.identified, contact.revision)


async def _decide(
    tx: Tx,
    who: Sequence[IncomingEvent],
    stated: Sequence[Stated],
    links: Mapping[Identity, Link],
    now: datetime,
) -> Identified:
    if not who:
        return Identified((), (), {}, {}, frozenset(), ())
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
        case "email":
            return contact.email == identity.value
        case _:
            return True  # a browser or a user id is never taken from the contact that it was linked to


async def _keep(tx: Tx, identified: Identified) -> None:
    newcomers, linked = _newcomers(identified)
    if newcomers:
        await contacts.welcome(tx, newcomers, identified.changed[next(iter(newcomers))].created_at)
    into = {one.loser: one.into for one in identified.merges}
    changed = [
        replace(one, merged_into=into[one.id]) if one.id in into else one
        for one in identified.changed.values()
        if one.id not in newcomers
    ]
    if changed:
        await contacts.keep(tx, changed)
    if identified.unlinked:
        await contacts.unlink(tx, identified.unlinked)
    if linked:
        await contacts.link(tx, linked)
    if identified.merges:
        await contacts.merge(tx, identified.merges)


def _newcomers(identified: Identified) -> tuple[dict[UUID, str], dict[Identity, UUID]]:
    """Contacts of whom nothing is known but an anonymous id, by far the most; and the links of the others."""
    newcomers: dict[UUID, str] = {}
    linked: dict[Identity, UUID] = {}
    created = set(identified.created)
    for identity, contact_id in identified.linked.items():
        if contact_id in created and contact_id not in newcomers and identified.changed[contact_id].blank:
            newcomers[contact_id] = identity.value
        else:
            linked[identity] = contact_id
    return newcomers, linked


async def put_source(
    tx: Tx, key: str, name: str, *, trusted: bool, write_key: str, phone_region: str | None = None
) -> Source:
    """Make a source with this write key, or change the one that is there, which keeps its own."""
    told = {"trusted": trusted, "write_key": write_key, "phone_region": phone_region}
    return await sources.put_source(tx, key, name, **told)


async def list_sources(tx: Tx, after: str | None, limit: int) -> list[Source]:
    """Sources, by key."""
    return await sources.read_sources(tx, after, limit)


async def list_contacts(
    tx: Tx, *, user_id: str | None, email: str | None, after: UUID | None, limit: int
) -> list[Contact]:
    """Contacts, the oldest first; those (at most one) that go by all that is told."""
    address = email_of(email) or "" if email else None
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
