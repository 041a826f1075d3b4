"""Memory of actions, and each process's reading of them, which every batch makes sure is today's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canvass_runtime.db import Tx
from sqlalchemy import BigInteger, func, select, update
from sqlalchemy.dialects.postgresql import insert

from canvass_points.domain.actions import Actions
from canvass_points.domain.definition import read_action
from canvass_points.domain.model import Action, ActionKey
from canvass_points.tables import actions


@dataclass(frozen=True, slots=True)
class Definition:
    """An action as it is shown."""

    key: ActionKey
    document: Mapping[str, Any]
    revision: int
    active: bool
    updated_at: datetime


class Definitions:
    """One process's reading of the actions."""

    def __init__(self) -> None:
        self._generation = 0
        self._by_key: dict[ActionKey, Action] = {}
        self._actions = Actions(())

    async def today(self, tx: Tx) -> Actions:
        """The actions as they are; read only when they have changed. Ask once contacts are locked."""
        total = func.coalesce(func.sum(actions.c.revision), 0).cast(BigInteger)
        if await tx.scalar(select(total)) != self._generation:
            await self._read(tx)
        return self._actions

    async def _read(self, tx: Tx) -> None:
        query = select(actions.c.key, actions.c.revision, actions.c.document).order_by(actions.c.key)
        read = [self._understood(*row) for row in await tx.all(query)]
        self._by_key = {action.key: action for action in read}
        self._actions = Actions(read)
        self._generation = sum(action.revision for action in read)

    def _understood(self, key: ActionKey, revision: int, document: Mapping[str, Any]) -> Action:
        known = self._by_key.get(key)
        return (
            known
            if known and known.revision == revision
            else read_action(document, key=key, revision=revision)
        )

    def forget(self) -> None:
        """Read them again when they are next asked for: this is another database."""
        self._generation, self._by_key, self._actions = 0, {}, Actions(())


definitions = Definitions()
"""This process's own."""

_SHOWN = [actions.c[name] for name in Definition.__slots__]


async def read(tx: Tx, key: ActionKey, *, lock: bool = False) -> Definition | None:
    """One action. With `lock`, nobody else changes it until the transaction ends."""
    query = select(*_SHOWN).where(actions.c.key == key)
    found = (await tx.execute(query.with_for_update() if lock else query)).one_or_none()
    return Definition(*found) if found else None


async def read_page(tx: Tx, after: ActionKey | None, limit: int) -> list[Definition]:
    """Actions in the order of their keys."""
    query = select(*_SHOWN).order_by(actions.c.key).limit(limit)
    if after is not None:
        query = query.where(actions.c.key > after)
    return [Definition(*row) for row in await tx.all(query)]


async def create(tx: Tx, action: Action, document: Mapping[str, Any]) -> bool:
    """Remember a new action; False if there is one of that key."""
    row = {"key": action.key, "document": document, "revision": action.revision, "active": action.active}
    inserting = insert(actions).values(row).on_conflict_do_nothing()
    return await tx.scalar(inserting.returning(actions.c.key)) is not None


async def replace(tx: Tx, action: Action, document: Mapping[str, Any]) -> None:
    """Remember another revision of an action that is locked here."""
    values = {"document": document, "revision": action.revision, "active": action.active}
    changing = update(actions).where(actions.c.key == action.key)
    await tx.execute(changing.values(**values, updated_at=func.now()))
