"""The contact record, as people and programs read and change it. Their word counts as a trusted source's."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound

from canvass_tracking import announce
from canvass_tracking.domain.model import Contact, Identified, Identity, IncomingEvent
from canvass_tracking.domain.revise import Change, Nameless, revised
from canvass_tracking.store import contacts
from canvass_tracking.store.contacts import Raced
from canvass_tracking.use_cases.recognising import keep, recognise

RACES = 20
"""So often in a row another process cannot have come first: each time it has got on."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upserted:
    """A contact as it is now. `problem` says what of the wish was not to be had."""

    contact: Contact
    created: bool
    problem: str | None


async def read(tx: Tx, contact_id: UUID) -> Contact:
    """The contact as it is called today. Raises NotFound."""
    contact = await contacts.read(tx, contact_id)
    if contact is None:
        raise NotFound(f"There is no contact {contact_id}. Find one with GET /contacts.")
    return contact


async def upsert(tx: Tx, wanted: Sequence[IncomingEvent], now: datetime) -> list[Upserted]:
    """Contacts of these user ids and addresses, found or made, with what is told of them."""
    return await _without_races(tx, lambda: _upsert(tx, wanted, now))


async def _upsert(tx: Tx, wanted: Sequence[IncomingEvent], now: datetime) -> list[Upserted]:
    whose, identified = await recognise(tx, wanted, now)
    await announce.contacts(tx, identified, now)
    ids = [link.contact_id for link in whose]
    known = await contacts.read_all(tx, set(ids) - identified.changed.keys()) | dict(identified.changed)
    made = set(identified.created)
    last = {id_: n for n, id_ in enumerate(ids)}  # what an earlier one has told, a later one may have changed
    return [
        Upserted(known[id_], id_ in made, _problem(one, known[id_]) if last[id_] == n else None)
        for n, (one, id_) in enumerate(zip(wanted, ids, strict=True))
    ]


def _problem(wanted: IncomingEvent, contact: Contact) -> str | None:
    if wanted.user_id and wanted.email and contact.email != wanted.email:
        return "The e-mail is that of another contact, which has another user_id. It was left there."
    missing = [name for name, value in wanted.traits.items() if value != contact.attributes.get(name)]
    return _no_room(missing) if missing else None


def _no_room(names: Sequence[str]) -> str:
    return f"There is no room for {', '.join(sorted(names)[:5])}: a contact has 500 attributes, in 128 KB."


async def change(
    tx: Tx, contact_id: UUID, wish: Change, now: datetime, check: Callable[[int], None] = lambda _: None
) -> Contact:
    """Change what a contact is. `check` is given the revision that is there, and may refuse.

    Raises NotFound; Conflict when another contact has that user id or address; Invalid.
    """
    return await _without_races(tx, lambda: _change(tx, contact_id, wish, now, check))


async def _change(
    tx: Tx, contact_id: UUID, wish: Change, now: datetime, check: Callable[[int], None]
) -> Contact:
    contact = await _held(tx, contact_id)
    check(contact.revision)
    try:
        after = revised(contact, wish, now)
    except Nameless as nameless:
        raise Invalid(str(nameless)) from None
    missing = [name for name, value in wish.attributes.items() if value != after.attributes.get(name)]
    if missing:
        raise Invalid(_no_room(missing))
    if after is not contact:
        await _keep(tx, contact, after, now)
    return after


async def _held(tx: Tx, contact_id: UUID) -> Contact:
    """The contact as it is called today, locked. Raises NotFound, or Raced when it is merged meanwhile."""
    living = await read(tx, contact_id)
    contact = (await contacts.lock(tx, [living.id])).get(living.id)
    if contact is None or contact.merged_into:
        raise Raced
    return contact


async def _keep(tx: Tx, before: Contact, after: Contact, now: datetime) -> None:
    borne = _borne(after) - _borne(before)
    holders = await contacts.read_links(tx, sorted(borne)) if borne else {}
    for identity, holder in holders.items():
        if holder.contact_id != after.id:
            raise Conflict(f"Contact {holder.contact_id} has this {identity.kind} already.")
    new = {identity: after.id for identity in borne if identity not in holders}
    # A user id leads to its contact for ever, an address that was given up to nobody.
    gone = frozenset(one for one in _borne(before) - _borne(after) if one.kind == "email")
    identified = Identified((after.id,), (), {after.id: after}, new, gone, ())
    await keep(tx, identified)
    await announce.contacts(tx, identified, now)


def _borne(contact: Contact) -> set[Identity]:
    found = {Identity("user_id", contact.user_id or ""), Identity("email", contact.email or "")}
    return {identity for identity in found if identity.value}


async def _without_races(tx: Tx, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work, again where another process came first with one of the same contacts."""
    for _ in range(RACES):
        try:
            async with tx.savepoint():
                return await work()
        except Raced:
            continue
    raise TimeoutError("other processes always came first")
