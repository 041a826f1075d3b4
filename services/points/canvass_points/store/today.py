"""One process's reading of actions and triggers, which every batch makes sure is today's."""

from collections.abc import Iterable
from dataclasses import dataclass

from canvass_runtime.db import Tx
from sqlalchemy import BigInteger, ScalarSelect, Table, func, select

from canvass_points.domain.actions import Actions
from canvass_points.domain.model import Action, Trigger
from canvass_points.domain.triggers import Triggers
from canvass_points.store.definitions import ACTIONS, TRIGGERS
from canvass_points.tables import actions, triggers


@dataclass(frozen=True, slots=True)
class Known:
    """What is defined."""

    actions: Actions
    triggers: Triggers


class Today:
    """What was defined when it was last asked, and is asked for again only when it has changed."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Read everything when it is next asked for: this is another database."""
        self._generation = (0, 0)
        self._actions: dict[str, Action] = {}
        self._triggers: dict[str, Trigger] = {}
        self._known = Known(Actions(()), Triggers(()))

    async def known(self, tx: Tx) -> Known:
        """What is defined. Ask once contacts are locked."""
        query = select(_generation(actions), _generation(triggers))
        if tuple((await tx.execute(query)).one()) != self._generation:
            await self._read(tx)
        return self._known

    async def _read(self, tx: Tx) -> None:
        self._actions = await ACTIONS.read_all(tx, self._actions)
        self._triggers = await TRIGGERS.read_all(tx, self._triggers)
        self._known = Known(Actions(self._actions.values()), Triggers(self._triggers.values()))
        self._generation = (_sum(self._actions.values()), _sum(self._triggers.values()))


def _generation(table: Table) -> ScalarSelect[int]:
    """Grows with each change: revisions do, and nothing is deleted."""
    return select(func.coalesce(func.sum(table.c.revision), 0).cast(BigInteger)).scalar_subquery()


def _sum(defined: Iterable[Action | Trigger]) -> int:
    return sum(one.revision for one in defined)


today = Today()
"""This process's own."""
