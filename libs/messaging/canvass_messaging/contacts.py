"""The contacts of a batch: locked in id order, inserted where missing, followed where merged."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, ColumnElement, Row, Table, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert


class Merge(NamedTuple):
    """`loser` is `winner` from now on, as of the winner's `revision`."""

    loser: UUID
    winner: UUID
    revision: int


class Standings:
    """Who contacts are today: of most there is nothing to know, as they are themselves."""

    def __init__(self) -> None:
        self._merged: dict[UUID, tuple[UUID, int]] = {}

    def __bool__(self) -> bool:
        """Whether any of them is somebody else."""
        return bool(self._merged)

    def add(self, found: Iterable[Row[Any]]) -> None:
        """Take in rows of merged contacts: their `revision` is one of their winner's."""
        for row in found:
            self._merged[row.contact_id] = row.merged_into, row.revision

    def today(self, id_: UUID) -> UUID:
        """Who a contact is today, through as many merges as it has seen."""
        return self._end(id_)[0]

    def is_merged(self, id_: UUID) -> bool:
        """Whether a contact is somebody else today."""
        return id_ in self._merged

    def needed(self, id_: UUID, revision: int) -> int:
        """The revision that today's contact must be known as of, for the `revision` of `id_` to be in it."""
        return self._end(id_)[1] or revision

    def _end(self, id_: UUID) -> tuple[UUID, int]:
        revision = 0
        while id_ in self._merged:
            id_, revision = self._merged[id_]
        return id_, revision

    def ends(self, ids: set[UUID]) -> set[UUID]:
        """Who they are today."""
        return set(map(self.today, ids)) if self._merged else ids

    def merged(self, merges: Iterable[Merge]) -> list[Merge]:
        """Take merges in; returns them as they are today, without what contradicts an earlier one."""
        taken = [merge for merge in merges if self._take(merge)]
        return [Merge(loser, *self._end(loser)) for loser, _, _ in taken]

    def _take(self, merge: Merge) -> bool:
        winner, revision = self._end(merge.winner)
        if merge.loser == winner:
            return False
        if not self.is_merged(merge.loser):
            self._merged[merge.loser] = winner, revision or merge.revision
        return self.today(merge.loser) == winner


async def lock(tx: Tx, contacts: Table, ids: Iterable[UUID]) -> Standings:
    """Lock the contacts that `ids` are today until the transaction ends, and insert those that are missing.

    Everyone who changes what belongs to a contact holds its row, and takes rows in id order: so nothing
    deadlocks and nothing that is read here is stale. The row of a merged contact is not locked: only who
    holds its winner changes it.

    A contact that is merged between our reading and our locking sends us for its winner out of order:
    there we do not wait. Raises what `is_transient` knows when somebody holds it; begin anew then.
    """
    wanted, standings = set(ids), Standings()
    unread = wanted
    while unread:
        found = await _missing_or_merged(tx, contacts, unread)
        if missing := [row.contact_id for row in found if row.merged_into is None]:
            await _insert(tx, contacts, missing)
        standings.add(row for row in found if row.merged_into)
        unread = {row.merged_into for row in found if row.merged_into}
    held: set[UUID] = set()
    while ends := standings.ends(wanted) - held:
        standings.add(await _lock(tx, contacts, ends, nowait=bool(held)))
        held |= ends
    return standings


async def _missing_or_merged(tx: Tx, contacts: Table, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """Of most contacts there is nothing to tell, and not telling it saves a third of the whole batch."""
    asked = rows("asked", {"contact_id": Uuid()}, [(id_,) for id_ in ids])
    query = (
        select(asked.c.contact_id, contacts.c.merged_into, contacts.c.revision)
        .join_from(asked, contacts, asked.c.contact_id == contacts.c.contact_id, isouter=True)
        .where(contacts.c.contact_id.is_(None) | contacts.c.merged_into.is_not(None))
    )
    return await tx.all(query)


async def _insert(tx: Tx, contacts: Table, ids: Collection[UUID]) -> None:
    missing = rows("missing", {"contact_id": Uuid()}, [(id_,) for id_ in sorted(ids)])
    await tx.execute(insert(contacts).from_select(["contact_id"], select(missing)).on_conflict_do_nothing())


async def _lock(tx: Tx, contacts: Table, ids: Iterable[UUID], *, nowait: bool) -> Sequence[Row[Any]]:
    """Lock rows in id order; returns those that have been merged meanwhile."""
    locked = (
        select(contacts.c.contact_id, contacts.c.merged_into, contacts.c.revision)
        .where(contacts.c.contact_id == _any(ids))
        .order_by(contacts.c.contact_id)
        .with_for_update(key_share=True, nowait=nowait)
        .cte("locked")
    )
    return await tx.all(select(locked).where(locked.c.merged_into.is_not(None)))


def _any(ids: Iterable[UUID]) -> ColumnElement[Any]:
    return bindparam("ids", list(ids), ARRAY(Uuid, dimensions=1)).any_()


async def merge(tx: Tx, contacts: Table, merges: Sequence[Merge]) -> None:
    """Remember for ever that the losers are the winners, also for whoever was merged into a loser before."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid(), "revision": BigInteger()}, sorted(set(merges)))
    either = (contacts.c.contact_id == pairs.c.loser) | (contacts.c.merged_into == pairs.c.loser)
    values = {"merged_into": pairs.c.winner, "revision": pairs.c.revision}
    await tx.execute(update(contacts).where(either).values(**values))


async def revisions(tx: Tx, contacts: Table, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The revision as of which each contact is known here now."""
    query = select(contacts.c.contact_id, contacts.c.revision).where(contacts.c.contact_id == _any(ids))
    return {row.contact_id: row.revision for row in await tx.all(query)}
