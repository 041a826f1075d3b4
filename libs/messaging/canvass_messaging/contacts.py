"""The contacts of a batch: locked in id order, inserted where missing, followed where merged."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import Table, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert


async def lock(tx: Tx, contacts: Table, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Lock the rows of `ids` until the transaction ends; returns who each of them is today.

    Everyone who changes what belongs to a contact holds its row, and takes rows in id order: so nothing
    deadlocks and nothing that is read here is stale.
    """
    today: dict[UUID, UUID] = {}
    wanted = set(ids)
    while wanted:
        found = await _lock_present(tx, contacts, wanted)
        if missing := wanted - found.keys():
            inserted = await _insert(tx, contacts, missing)
            found |= dict.fromkeys(inserted)
            found |= await _lock_present(tx, contacts, missing - inserted)
        today |= {id_: into or id_ for id_, into in found.items()}
        wanted = {into for into in found.values() if into} - today.keys()
    return {id_: follow(today, id_) for id_ in today}


async def _lock_present(tx: Tx, contacts: Table, ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    if not ids:
        return {}
    query = (
        select(contacts.c.contact_id, contacts.c.merged_into)
        .where(contacts.c.contact_id == bindparam("ids", sorted(ids), ARRAY(Uuid)).any_())
        .order_by(contacts.c.contact_id)
        .with_for_update(key_share=True)
    )
    return {row.contact_id: row.merged_into for row in await tx.all(query)}


async def _insert(tx: Tx, contacts: Table, ids: Collection[UUID]) -> set[UUID]:
    missing = rows("missing", {"contact_id": Uuid()}, [(id_,) for id_ in sorted(ids)])
    inserting = insert(contacts).from_select(["contact_id"], select(missing)).on_conflict_do_nothing()
    return set(await tx.scalars(inserting.returning(contacts.c.contact_id)))


def follow(today: Mapping[UUID, UUID], id_: UUID) -> UUID:
    """Who a contact is today, through as many merges as it has seen."""
    seen = {id_}
    while (into := today.get(id_, id_)) not in seen:
        seen.add(into)
        id_ = into
    return id_


async def merge(tx: Tx, contacts: Table, merges: Mapping[UUID, UUID]) -> None:
    """Remember for ever that the keys are the values now, also for whoever was merged into a key before."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges.items()))
    either = (contacts.c.contact_id == pairs.c.loser) | (contacts.c.merged_into == pairs.c.loser)
    await tx.execute(update(contacts).where(either).values(merged_into=pairs.c.winner))


async def revisions(tx: Tx, contacts: Table, ids: Collection[UUID]) -> dict[UUID, int]:
    """The revision as of which each contact is known here."""
    query = select(contacts.c.contact_id, contacts.c.revision).where(
        contacts.c.contact_id == bindparam("ids", sorted(ids), ARRAY(Uuid)).any_()
    )
    return {row.contact_id: row.revision for row in await tx.all(query)}
