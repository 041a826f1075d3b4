"""Memory of contacts and of campaigns, as far as sending needs them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Boolean, DateTime, Text, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from canvass_channels.tables import campaigns, contacts

_CONTACT = {
    "contact_id": Uuid(),
    "revision": BigInteger(),
    "user_id": Text(),
    "email": Text(),
    "phone": Text(),
    "tags": JSONB(),
    "attributes": JSONB(),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is written to, and what templates may say of them."""

    contact_id: UUID
    revision: int
    user_id: str | None
    email: str | None
    """Lower case."""
    phone: str | None
    """E.164."""
    tags: Sequence[str]
    attributes: Mapping[str, Any]


async def keep_contacts(tx: Tx, changed: Sequence[Contact]) -> None:
    """Remember contacts as they are; what is older than what is known changes nothing."""
    values = [tuple(getattr(contact, name) for name in _CONTACT) for contact in changed]
    given = rows("given", _CONTACT, values)
    newer = (contacts.c.contact_id == given.c.contact_id) & (contacts.c.revision < given.c.revision)
    settings = {name: given.c[name] for name in _CONTACT if name != "contact_id"}
    await tx.execute(update(contacts).where(newer).values(settings))


async def lock_free(tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, Contact]:
    """Lock those of the contacts that nobody holds, in id order, and pass over the others."""
    query = (
        select(*(contacts.c[name] for name in _CONTACT))
        .where(contacts.c.contact_id == bindparam("ids", sorted(ids), ARRAY(Uuid)).any_())
        .order_by(contacts.c.contact_id)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return {row.contact_id: Contact(*row) for row in await tx.all(query)}


async def read(tx: Tx, contact_id: UUID) -> Contact | None:
    """One contact as it is known here; None when nothing was heard of it."""
    query = select(*(contacts.c[name] for name in _CONTACT)).where(contacts.c.contact_id == contact_id)
    row = (await tx.execute(query)).one_or_none()
    return Contact(*row) if row else None


async def keep_campaigns(tx: Tx, said: Sequence[tuple[str, bool, datetime]]) -> None:
    """Remember which campaigns rest, a row each; what was said earlier than is known changes nothing."""
    columns = {"campaign": Text(), "rests": Boolean(), "since": DateTime(timezone=True)}
    inserting = insert(campaigns).from_select(list(columns), select(rows("said", columns, sorted(said))))
    new = inserting.excluded
    await tx.execute(
        inserting.on_conflict_do_update(
            index_elements=["campaign"],
            set_={"rests": new.rests, "since": new.since},
            where=campaigns.c.since < new.since,
        )
    )
