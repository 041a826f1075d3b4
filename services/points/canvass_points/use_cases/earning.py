"""Contacts do things, and earn what the actions say. `causes` are the facts by their ids."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any
from uuid import UUID

from canvass_rules import BehaviourKind
from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_points.announce import Cause
from canvass_points.domain.ledger import absorb, post
from canvass_points.domain.model import Behaviour, Entry, Inheritance, Merge
from canvass_points.store import fired, ledger, scores
from canvass_points.store.today import today
from canvass_points.use_cases.changing import change_scores

Causes = Mapping[UUID, Fact[Any]]


async def earn(tx: Tx, kind: BehaviourKind, done: Iterable[Behaviour], causes: Causes) -> None:
    """Write what behaviours of one kind earn into the ledger, each once, and change the scores by it.

    `done` is not looked at when no action listens to this kind. What comes by bulk happened long ago, or was
    imported: it counts, and sets nothing off.
    """
    known = await today.known(tx)
    if kind not in known.actions.heard:
        return
    behaviours = list(done)
    entries = known.actions.earned(behaviours)
    if not entries or not (added := await ledger.add(tx, entries)):
        return
    before = await scores.read(tx, {entry.contact_id for entry in added})
    told = {one.contact_id for one in behaviours if one.contact_known}
    changes = post(added, before, told, starts=tx.lane != "bulk")
    await change_scores(tx, known.triggers, changes, _why(added, behaviours, causes))


async def merge(tx: Tx, merges: Sequence[Merge], causes: Causes) -> None:
    """What the losers have earned, reached and set off, the winners have."""
    into = {one.loser: one.winner for one in merges}
    left, worth = await scores.leave(tx, into), await ledger.move(tx, into)
    await fired.unite(tx, into)
    winners = await scores.read(tx, into.values())
    inherited = {id_: replace(left.get(id_, Inheritance()), worth=worth.get(id_, 0)) for id_ in winners}
    changes = [change for id_, one in inherited.items() if (change := absorb(winners[id_], one))]
    facts = [(one, causes[one.event_id]) for one in merges]
    why = {one.winner: Cause(fact.time, one.contact_revision, fact) for one, fact in facts}
    await change_scores(tx, (await today.known(tx)).triggers, changes, why)


def _why(added: Iterable[Entry], behaviours: Iterable[Behaviour], causes: Causes) -> dict[UUID, Cause]:
    """For each contact the last that it has earned by, and the contact as known to any of its behaviours."""
    revisions: dict[UUID, int] = {}
    for one in behaviours:
        revisions[one.contact_id] = max(one.contact_revision, revisions.get(one.contact_id, 0))
    return {
        entry.contact_id: Cause(entry.at, revisions[entry.contact_id], causes[entry.event_id])
        for entry in sorted(added, key=attrgetter("at"))
    }
