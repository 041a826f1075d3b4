"""Contacts do things, and earn what the actions say. `causes` are the facts by their ids."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_points import announce
from canvass_points.domain.ledger import absorb, post
from canvass_points.domain.model import Behaviour, Merge, ScoreChange
from canvass_points.store import ledger
from canvass_points.store.definitions import definitions

Causes = Mapping[UUID, Fact[Any]]


async def earn(tx: Tx, done: Sequence[Behaviour], causes: Causes) -> None:
    """Write what behaviours earn into the ledger, each once, and change the scores by it."""
    entries = (await definitions.today(tx)).earned(done)
    if not entries:
        return
    added = await ledger.add(tx, entries)
    latest = {
        entry.contact_id: causes[entry.event_id] for entry in sorted(added.entries, key=attrgetter("at"))
    }
    await _keep(tx, post(added.entries, added.scores), latest)


async def merge(tx: Tx, merges: Sequence[Merge], causes: Causes) -> None:
    """What the losers have earned is the winners'."""
    moved = await ledger.move(tx, {one.loser: one.winner for one in merges})
    changes = [change for score, worth in moved if (change := absorb(score, worth))]
    await _keep(tx, changes, {one.winner: causes[one.event_id] for one in merges})


async def _keep(tx: Tx, changes: Sequence[ScoreChange], causes: Mapping[UUID, Fact[Any]]) -> None:
    if changes:
        await ledger.keep_scores(tx, changes)
        await announce.scores_changed(tx, changes, causes)
