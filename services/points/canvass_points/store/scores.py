"""Memory of scores. Contacts are locked by whoever calls."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, Boolean, Uuid, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from canvass_points.domain.model import Inheritance, Score, ScoreChange
from canvass_points.tables import contacts

_SCORE = {
    "contact_id": Uuid(),
    "score": BigInteger(),
    "score_revision": BigInteger(),
    "reached": BigInteger(),
    "known": Boolean(),
}
_COLUMNS = [contacts.c[name] for name in _SCORE]


async def read(tx: Tx, ids: Iterable[UUID]) -> dict[UUID, Score]:
    """The scores of contacts."""
    asked = bindparam("ids", sorted(ids), ARRAY(Uuid, dimensions=1)).any_()
    query = select(*_COLUMNS).where(contacts.c.contact_id == asked)
    return {row.contact_id: Score(*row) for row in await tx.all(query)}


async def keep(tx: Tx, changes: Collection[ScoreChange]) -> None:
    """Remember scores."""
    values = [(one.contact_id, one.score, one.revision, one.reached, one.known) for one in changes]
    given = rows("given", _SCORE, values)
    changing = update(contacts).where(contacts.c.contact_id == given.c.contact_id)
    await tx.execute(changing.values({name: given.c[name] for name in _SCORE if name != "contact_id"}))


async def leave(tx: Tx, merges: Mapping[UUID, UUID]) -> dict[UUID, Inheritance]:
    """The keys have no score any longer; returns what they had reached for each of the values."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges.items()))
    leaving = (
        update(contacts)
        .where(contacts.c.contact_id == pairs.c.loser, contacts.c.score_revision > 0)
        .values(score=0, reached=0, known=False, score_revision=contacts.c.score_revision + 1)
    )
    was = (literal_column("old.reached").label("reached"), literal_column("old.known").label("known"))
    left = leaving.returning(pairs.c.winner, *was).cte("left_behind")
    together = (left.c.winner, func.max(left.c.reached), func.bool_or(left.c.known))
    found = await tx.all(select(*together).group_by(left.c.winner))
    return {winner: Inheritance(0, reached, known) for winner, reached, known in found}


async def read_today(tx: Tx, contact_id: UUID) -> Score:
    """The score of who a contact is today."""
    merged_into = select(contacts.c.merged_into).where(contacts.c.contact_id == contact_id)
    today = await tx.scalar(merged_into) or contact_id
    return (await read(tx, [today])).get(today) or Score(today)
