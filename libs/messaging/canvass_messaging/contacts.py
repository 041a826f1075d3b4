"""The contacts of a batch: locked in id order, inserted where missing, followed where merged."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Row, Select, Table, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert


class Merge(NamedTuple):
    """`loser` is `winner` from now on, as of the winner's `revision`."""

    loser: UUID
    winner: UUID
    revision: int


class Standings:
    """Who the contacts of a batch are today, and as of which revision they were known when locked."""

    def __init__(self) -> None:
        self.revisions: dict[UUID, int] = {}
        """Of contacts that are nobody else: these are locked until the transaction ends."""
        self._merged: dict[UUID, tuple[UUID, int]] = {}

    def add(self, found: Iterable[Row[Any]]) -> None:
        """Take in rows of (contact_id, merged_into, revision). A merged one's revision is its winner's."""
        for row in found:
            if row.merged_into is None:
                self.revisions[row.contact_id] = row.revision
            else:
                self._note(Merge(row.contact_id, row.merged_into, row.revision))

    def _note(self, merge: Merge) -> None:
        self.revisions.pop(merge.loser, None)
        self._merged[merge.loser] = merge.winner, merge.revision

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

    def unread(self, ids: Iterable[UUID]) -> set[UUID]:
        """Those of `ids`, and of whom they were merged into, of whom no row was taken in."""
        return {end for end in map(self.today, ids) if end not in self.revisions}

    def merged(self, merges: Iterable[Merge]) -> list[Merge]:
        """Take merges in; returns them as they are today, without what contradicts an earlier one."""
        taken = [merge for merge in merges if self._take(merge)]
        return [Merge(loser, *self._end(loser)) for loser, _, _ in taken]

    def _take(self, merge: Merge) -> bool:
        winner, revision = self._end(merge.winner)
        if merge.loser == winner:
            return False
        if not self.is_merged(merge.loser):
            self._note(Merge(merge.loser, winner, revision or merge.revision))
        return self.today(merge.loser) == winner


async def lock(tx: Tx, contacts: Table, ids: Iterable[UUID]) -> Standings:
    """Lock the contacts that `ids` are today until the transaction ends, and insert those that are missing.

    Everyone who changes what belongs to a contact holds its row, and takes rows in id order: so nothing
    deadlocks and nothing that is read here is stale. The row of a merged contact is not locked: only who
    holds its winner changes it.

    A contact that is merged between our reading and our locking sends us for its winner out of order:
    there we do not wait. Raises what `is_transient` knows when somebody holds it; begin anew then.
    """
    wanted = set(ids)
    standings = Standings()
    while ends := standings.unread(wanted):
        standings.add(await tx.all(_select(contacts, ends)))
        if missing := {id_ for id_ in standings.unread(ends) if id_ in ends}:
            await _insert(tx, contacts, missing)
            standings.revisions |= dict.fromkeys(missing, 0)
    held: set[UUID] = set()
    while ends := {standings.today(id_) for id_ in wanted} - held:
        ordered = _select(contacts, ends).order_by(contacts.c.contact_id)
        standings.add(await tx.all(ordered.with_for_update(key_share=True, nowait=bool(held))))
        held |= ends
    return standings


def _select(contacts: Table, ids: Collection[UUID]) -> Select[Any, Any, Any]:
    return select(contacts.c.contact_id, contacts.c.merged_into, contacts.c.revision).where(
        contacts.c.contact_id == bindparam("ids", sorted(ids), ARRAY(Uuid)).any_()
    )


async def _insert(tx: Tx, contacts: Table, ids: Collection[UUID]) -> None:
    missing = rows("missing", {"contact_id": Uuid()}, [(id_,) for id_ in sorted(ids)])
    await tx.execute(insert(contacts).from_select(["contact_id"], select(missing)).on_conflict_do_nothing())


async def merge(tx: Tx, contacts: Table, merges: Sequence[Merge]) -> None:
    """Remember for ever that the losers are the winners, also for whoever was merged into a loser before."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid(), "revision": BigInteger()}, sorted(set(merges)))
    either = (contacts.c.contact_id == pairs.c.loser) | (contacts.c.merged_into == pairs.c.loser)
    values = {"merged_into": pairs.c.winner, "revision": pairs.c.revision}
    await tx.execute(update(contacts).where(either).values(**values))


async def revisions(tx: Tx, contacts: Table, ids: Collection[UUID]) -> dict[UUID, int]:
    """The revision as of which each contact is known here now."""
    return {row.contact_id: row.revision for row in await tx.all(_select(contacts, ids))}
