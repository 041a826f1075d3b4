"""What a batch of facts does to a service, inside one transaction: the order, the locks, the guards."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import structlog
from canvass_runtime.db import Tx
from canvass_schemas.catalogue import by_type
from canvass_schemas.envelope import Fact, Request, State
from canvass_schemas.tracking import ContactChanged, ContactMerged
from canvass_schemas.wire import parse

from . import contacts, following, metrics, set_aside
from .consumers import Consumers
from .contacts import Standings
from .isolation import Attempt
from .retries import Park
from .tables import MessagingTables

Groups = dict[str, list[Fact[Any]]]

_log = structlog.get_logger(__name__)


class Behind(Exception):
    """A request needs its contact as of a revision that has not been heard yet."""


class Hearing:
    """Hears facts in one transaction. `patient`: a request ahead of its contact is set aside, else raised."""

    def __init__(
        self,
        consumers: Consumers,
        tables: MessagingTables,
        tx: Tx,
        now: datetime,
        attempt: Attempt,
        *,
        patient: bool,
    ) -> None:
        self._consumers = consumers
        self._tables = tables
        self._tx = tx
        self._now = now
        self._attempt = attempt
        self._patient = patient

    async def hear(self, facts: Iterable[Fact[Any]]) -> None:
        """Let the facts take effect: merges first, then states, then the rest as registered."""
        groups = _grouped(await self._without_loops(list(facts)))
        standings = await contacts.lock(self._tx, self._consumers.contacts, _contacts_of(groups))
        for kind in self._consumers.order():
            if kind in groups:
                await self._hear_group(kind, groups, standings)

    async def _hear_group(self, kind: str, groups: Groups, standings: Standings) -> None:
        group = await self._worth_hearing(groups.pop(kind), standings)
        if not group:
            return
        await self._attempt(self._tx, group, self._consumers.handler(kind))
        metrics.consumed.labels(kind).inc(len(group))
        if isinstance(group[0], State):
            await self._release(groups, group)

    async def _worth_hearing(self, group: list[Fact[Any]], standings: Standings) -> list[Fact[Any]]:
        """The facts of one type about who their contacts are today, without what is old or must wait."""
        match group[0]:
            case ContactMerged():
                return await self._merged(cast("list[ContactMerged]", group), standings)
            case State():
                return await self._current(cast("list[State[Any]]", group), standings)
            case Request():
                return await self._known_well_enough(following.rebased(group, standings))
            case _:
                return following.followed(group, standings)

    async def _merged(self, group: list[ContactMerged], standings: Standings) -> list[Fact[Any]]:
        facts, merges = following.merged(group, standings)
        if contradicting := len(group) - len(facts):
            _log.warning("hearing.contradicting_merges", events=contradicting)
        if merges:
            await contacts.merge(self._tx, self._consumers.contacts, merges)
            await set_aside.follow(self._tx, self._tables.retries, merges)
        return [*facts]

    async def _current(self, group: list[State[Any]], standings: Standings) -> list[Fact[Any]]:
        known: dict[UUID, int] = {}
        if isinstance(group[0], ContactChanged):
            subjects = {state.subject for state in group}
            known = await contacts.revisions(self._tx, self._consumers.contacts, subjects)
        current = following.current(group, standings, known)
        if older := len(group) - len(current):
            metrics.stale.labels(group[0].type).inc(older)
        return [*current]

    async def _known_well_enough(self, requests: list[Fact[Any]]) -> list[Fact[Any]]:
        """Those requests whose contact is known as of the revision that they need; the others wait."""
        needing = {r.subject for r in requests if r.subject and r.data.contact_revision > 0}
        if not needing:
            return requests
        known = await contacts.revisions(self._tx, self._consumers.contacts, needing)
        ahead = {r.id: r for r in requests if r.subject and r.data.contact_revision > known.get(r.subject, 0)}
        if not ahead:
            return requests
        if not self._patient:
            raise Behind(f"contacts {[str(r.subject) for r in ahead.values()]} are not known well enough yet")
        entries = [set_aside.behind(r, r.data.contact_revision, self._now) for r in ahead.values()]
        await set_aside.keep(self._tx, self._tables.retries, entries)
        return [request for request in requests if request.id not in ahead]

    async def _release(self, groups: Groups, states: Sequence[Fact[Any]]) -> None:
        """A contact is known better now: hear what has waited for that, in this same transaction."""
        ids = {state.subject for state in states if state.subject}
        released = await set_aside.release(self._tx, self._tables.retries, self._consumers.contacts, ids)
        for entry in released:
            requests = parse(by_type(entry.type), entry.body)
            groups.setdefault(entry.type, []).extend(
                following.based_on(request, entry.contact_id, entry.needs_revision) for request in requests
            )

    async def _without_loops(self, facts: list[Fact[Any]]) -> list[Fact[Any]]:
        """Drop and park what has led from one thing to another too often to be anything but a loop."""
        looping = [fact for fact in facts if fact.hops >= self._consumers.hops_limit]
        if not looping:
            return facts
        why = f"came over {self._consumers.hops_limit} hops from what caused it: taken for a loop"
        entries = [set_aside.failed(fact, why, Park(), self._now) for fact in looping]
        await set_aside.keep(self._tx, self._tables.retries, entries)
        if self._consumers.on_loop:
            await self._consumers.on_loop(self._tx, looping)
        return [fact for fact in facts if fact.hops < self._consumers.hops_limit]


def _grouped(facts: Iterable[Fact[Any]]) -> Groups:
    groups: Groups = defaultdict(list)
    for fact in facts:
        groups[fact.type].append(fact)
    return dict(groups)


def _contacts_of(groups: Groups) -> set[UUID]:
    facts = [fact for group in groups.values() for fact in group]
    merged_into = {fact.data.into for fact in facts if isinstance(fact, ContactMerged)}
    return {fact.subject for fact in facts if fact.subject} | merged_into
