"""Whose events are: the contacts involved loaded and locked, each event decided, what follows kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.ids import uuid7

from canvass_tracking.domain.arrivals import Link, settled
from canvass_tracking.domain.identify import identify
from canvass_tracking.domain.identities import spoken_of
from canvass_tracking.domain.model import Contact, Identified, Identity, IncomingEvent, Known
from canvass_tracking.store import contacts
from canvass_tracking.store.contacts import Raced

Stated = tuple[Identity, ...]


async def recognise(tx: Tx, who: Sequence[IncomingEvent], now: datetime) -> tuple[list[Link], Identified]:
    """Whose each event is, once all of them are decided, and what has followed from them.

    Raises Raced when another process has come first with one of the same contacts.
    """
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
    await keep(tx, identified)
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


async def keep(tx: Tx, identified: Identified) -> None:
    """Store what was decided of contacts that are new, or held by this transaction."""
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
