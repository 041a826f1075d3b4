"""Memory of actions and of triggers: their documents, as people put them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from canvass_runtime.db import Tx
from sqlalchemy import Table, func, select, update
from sqlalchemy.dialects.postgresql import insert

from canvass_points.domain.action_document import read_action
from canvass_points.domain.model import Action, Trigger
from canvass_points.domain.trigger_document import read_trigger
from canvass_points.tables import actions, triggers

D = TypeVar("D", Action, Trigger)
D_co = TypeVar("D_co", Action, Trigger, covariant=True)
Document = Mapping[str, Any]


class Read(Protocol[D_co]):
    """How a document becomes what it defines. Raises Malformed."""

    def __call__(self, document: object, *, key: str, revision: int) -> D_co: ...


@dataclass(frozen=True, slots=True)
class Definition:
    """An action or a trigger as it is shown."""

    key: str
    document: Document
    revision: int
    active: bool
    updated_at: datetime


class Definitions(Generic[D]):
    """All definitions of one kind."""

    def __init__(self, table: Table, read: Read[D]) -> None:
        self._table = table
        self._shown = [table.c[name] for name in Definition.__slots__]
        self.understood = read

    async def find(self, tx: Tx, key: str, *, lock: bool = False) -> Definition | None:
        """One of them. With `lock`, nobody else changes it until the transaction ends."""
        query = select(*self._shown).where(self._table.c.key == key)
        found = (await tx.execute(query.with_for_update() if lock else query)).one_or_none()
        return Definition(*found) if found else None

    async def read_page(self, tx: Tx, after: str | None, limit: int) -> list[Definition]:
        """Some of them, in the order of their keys."""
        query = select(*self._shown).order_by(self._table.c.key).limit(limit)
        if after is not None:
            query = query.where(self._table.c.key > after)
        return [Definition(*row) for row in await tx.all(query)]

    async def create(self, tx: Tx, new: D, document: Document) -> bool:
        """Remember a new one; False if there is one of that key."""
        row = {"key": new.key, "document": document, "revision": new.revision, "active": new.active}
        inserting = insert(self._table).values(row).on_conflict_do_nothing()
        return await tx.scalar(inserting.returning(self._table.c.key)) is not None

    async def replace(self, tx: Tx, new: D, document: Document) -> None:
        """Remember another revision of one that is locked here."""
        values = {"document": document, "revision": new.revision, "active": new.active}
        changing = update(self._table).where(self._table.c.key == new.key)
        await tx.execute(changing.values(**values, updated_at=func.now()))

    async def read_all(self, tx: Tx, known: Mapping[str, D]) -> dict[str, D]:
        """All of them by their keys. What is known already is not read again."""
        columns = self._table.c
        rows = await tx.all(select(columns.key, columns.revision, columns.document).order_by(columns.key))
        return {row.key: self._as_known(known.get(row.key), *row) for row in rows}

    def _as_known(self, known: D | None, key: str, revision: int, document: Document) -> D:
        if known is not None and known.revision == revision:
            return known
        return self.understood(document, key=key, revision=revision)


ACTIONS = Definitions(actions, read_action)
TRIGGERS = Definitions(triggers, read_trigger)
