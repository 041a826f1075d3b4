"""Memory of what is known of contacts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canvass_rules import Facts
from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Text, Uuid, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from canvass_segments.domain.model import Person, Score, facts
from canvass_segments.store.definitions import generation
from canvass_segments.tables import contacts

_PERSON = {
    "contact_id": Uuid(),
    "revision": BigInteger(),
    "user_id": Text(),
    "email": Text(),
    "phone": Text(),
    "tags": JSONB(),
    "attributes": JSONB(),
}
_TOLD = ("user_id", "email", "phone", "tags", "attributes")
_SCORE = {"contact_id": Uuid(), "score": BigInteger(), "score_revision": BigInteger()}


@dataclass(frozen=True, slots=True)
class Before:
    """What was known of some contacts until now, of those alone for whom something newer was told."""

    generation: int
    """Of the definitions that the change is judged by."""
    facts: dict[UUID, Facts]


async def keep_people(tx: Tx, people: Sequence[Person]) -> Before:
    """Remember what is newer than what is known."""
    given = rows("given", _PERSON, [tuple(getattr(one, name) for name in _PERSON) for one in people])
    before = [literal_column(f"old.{name}", _PERSON[name]) for name in _TOLD]
    changed = await tx.all(_keeping(given, "revision", before))
    return Before(_generation(changed), {row[0]: facts(*row[2:]) for row in changed})


async def keep_scores(tx: Tx, scores: Sequence[Score]) -> Before:
    """Remember what is newer than what is known."""
    given = rows("given", _SCORE, [(one.contact_id, one.score, one.revision) for one in scores])
    changed = await tx.all(_keeping(given, "score_revision", [literal_column("old.score", BigInteger())]))
    return Before(_generation(changed), {row[0]: Facts({"score": row[2]}) for row in changed})


def _keeping(given: Any, revision: str, before: Sequence[Any]) -> Any:
    newer = contacts.c[revision] < given.c[revision]
    values = {name: column for name, column in given.c.items() if name != "contact_id"}
    changing = update(contacts).where(contacts.c.contact_id == given.c.contact_id, newer).values(values)
    return changing.returning(contacts.c.contact_id, generation(), *before)


def _generation(changed: Sequence[Any]) -> int:
    return changed[0][1] if changed else 0


async def meet(tx: Tx, ids: Collection[UUID]) -> list[UUID]:
    """Those who have not been met before; they have now."""
    new = contacts.c.contact_id == _among(ids), ~contacts.c.met, contacts.c.merged_into.is_(None)
    return await tx.scalars(update(contacts).where(*new).values(met=True).returning(contacts.c.contact_id))


async def forget(tx: Tx, ids: Collection[UUID]) -> None:
    """Who was merged away keeps nothing but whom it was merged into."""
    nothing = {**dict.fromkeys(("user_id", "email", "phone")), "tags": [], "attributes": {}, "score": 0}
    await tx.execute(update(contacts).where(contacts.c.contact_id == _among(ids)).values(nothing))


async def today(tx: Tx, contact_id: UUID) -> UUID:
    """Whom a contact was merged into, or itself."""
    query = select(contacts.c.merged_into).where(contacts.c.contact_id == contact_id)
    return await tx.scalar(query) or contact_id


async def lock_free(tx: Tx, ids: Collection[UUID]) -> list[UUID]:
    """Lock those of the contacts that nobody holds, in id order, and pass over the others."""
    query = select(contacts.c.contact_id).where(contacts.c.contact_id == _among(ids))
    query = query.order_by(contacts.c.contact_id).with_for_update(key_share=True, skip_locked=True)
    return await tx.scalars(query)


async def exists(tx: Tx, contact_id: UUID) -> bool:
    """Whether anything was ever heard of a contact."""
    query = select(contacts.c.contact_id).where(contacts.c.contact_id == contact_id)
    return await tx.scalar(query) is not None


def _among(ids: Collection[UUID]) -> Any:
    return bindparam("ids", sorted(ids), ARRAY(Uuid)).any_()
