"""Memory of contacts: as of which revision they are known, where they belong, and their locks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Boolean, ColumnElement, Text, Uuid, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_campaigns.tables import contacts, memberships

Membership = tuple[UUID, str, bool, int]
"""A contact, a segment, whether the one belongs to the other, and the revision of that."""

_MEMBERSHIP = {"contact_id": Uuid(), "segment": Text(), "member": Boolean(), "revision": BigInteger()}


def _among(ids: Collection[UUID]) -> ColumnElement[bool]:
    return contacts.c.contact_id == bindparam("ids", sorted(ids), ARRAY(Uuid)).any_()


async def keep_revisions(tx: Tx, revisions: Iterable[tuple[UUID, int]]) -> None:
    """Remember how well contacts are known; what is older than what is known changes nothing."""
    given = rows("given", {"contact_id": Uuid(), "revision": BigInteger()}, sorted(revisions))
    newer = (contacts.c.contact_id == given.c.contact_id) & (contacts.c.revision < given.c.revision)
    await tx.execute(update(contacts).where(newer).values(revision=given.c.revision))


async def read_revisions(tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """As of which revision each contact is known."""
    query = select(contacts.c.contact_id, contacts.c.revision).where(_among(ids))
    return {row.contact_id: row.revision for row in await tx.all(query)}


async def read_today(tx: Tx, id_: UUID) -> UUID:
    """Who a contact is today, after whatever merges."""
    query = select(contacts.c.merged_into).where(contacts.c.contact_id == id_)
    return await tx.scalar(query) or id_


async def lock_free(tx: Tx, ids: Collection[UUID]) -> list[UUID]:
    """Lock those of the contacts that nobody holds, in id order, and pass over the others."""
    query = select(contacts.c.contact_id).where(_among(ids)).order_by(contacts.c.contact_id)
    return await tx.scalars(query.with_for_update(key_share=True, skip_locked=True))


async def keep_memberships(tx: Tx, changed: Sequence[Membership]) -> None:
    """Mirror memberships, one a contact and segment; what is older than what is known changes nothing."""
    if not changed:
        return
    given = rows("changed", _MEMBERSHIP, sorted(changed))
    inserting = insert(memberships).from_select(list(_MEMBERSHIP), select(given))
    new = inserting.excluded
    await tx.execute(
        inserting.on_conflict_do_update(
            index_elements=["contact_id", "segment"],
            set_={"member": new.member, "revision": new.revision},
            where=memberships.c.revision < new.revision,
        )
    )


async def read_gone(tx: Tx, among: Collection[tuple[UUID, str]]) -> set[tuple[UUID, str]]:
    """Those of these contacts and segments that do not belong together any longer."""
    asked = rows("asked", {"contact_id": Uuid(), "segment": Text()}, sorted(among))
    same = (memberships.c.contact_id == asked.c.contact_id) & (memberships.c.segment == asked.c.segment)
    query = select(memberships.c.contact_id, memberships.c.segment).join(asked, same)
    return {(row[0], row[1]) for row in await tx.all(query.where(~memberships.c.member))}


async def forget_memberships(tx: Tx, of: Collection[UUID]) -> None:
    """These contacts are no more."""
    among = memberships.c.contact_id == bindparam("ids", sorted(of), ARRAY(Uuid)).any_()
    await tx.execute(delete(memberships).where(among))
