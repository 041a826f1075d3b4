"""What a batch of facts does to a service, inside one transaction: the order, the locks, the guards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.catalogue import by_type
from canvass_schemas.envelope import Fact, Request, State
from canvass_schemas.tracking import ContactMerged
from canvass_schemas.wire import parse

from . import contacts, metrics, set_aside
from .consumers import Consumers
from .isolation import Attempt
from .retries import Park
from .tables import MessagingTables

Groups = dict[str, list[Fact[Any]]]


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
        today = await contacts.lock(self._tx, self._consumers.contacts, _contacts_of(groups))
        for kind in self._consumers.order():
            if group := _followed(groups.pop(kind, []), today):
                await self._hear_group(kind, group)
                if issubclass(type(group[0]), ContactMerged):
                    today = {id_: contacts.follow(today | _merges(group), id_) for id_ in today}
                if isinstance(group[0], State):
                    await self._release(groups, group)

    async def _hear_group(self, kind: str, group: list[Fact[Any]]) -> None:
        if isinstance(group[0], State):
            group = list(newest(cast("list[State[Any]]", group)))
        elif isinstance(group[0], Request):
            group = await self._known_well_enough(group)
        elif isinstance(group[0], ContactMerged):
            await contacts.merge(self._tx, self._consumers.contacts, _merges(group))
        if group:
            await self._attempt(self._tx, group, self._consumers.handler(kind))
            metrics.consumed.labels(kind).inc(len(group))

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
            groups.setdefault(entry.type, []).extend(parse(by_type(entry.type), entry.body))

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


def newest(states: Sequence[State[Any]]) -> list[State[Any]]:
    """The newest state of each thing. What the service knows may be newer still: its handler drops older."""
    found: dict[Any, State[Any]] = {}
    for state in states:
        known = found.get(state.key())
        if known is None or known.revision < state.revision:
            found[state.key()] = state
    if older := len(states) - len(found):
        metrics.stale.labels(states[0].type).inc(older)
    return list(found.values())


def _grouped(facts: Iterable[Fact[Any]]) -> Groups:
    groups: Groups = defaultdict(list)
    for fact in facts:
        groups[fact.type].append(fact)
    return dict(groups)


def _contacts_of(groups: Groups) -> set[UUID]:
    facts = [fact for group in groups.values() for fact in group]
    merged_into = {fact.data.into for fact in facts if isinstance(fact, ContactMerged)}
    return {fact.subject for fact in facts if fact.subject} | merged_into


def _merges(merged: Sequence[Fact[Any]]) -> dict[UUID, UUID]:
    return {fact.subject: fact.data.into for fact in merged if fact.subject}


def _followed(facts: list[Fact[Any]], today: Mapping[UUID, UUID]) -> list[Fact[Any]]:
    """The facts about who their contacts are today. A merge keeps its loser, and is into today's winner."""
    return [_follow(fact, today) for fact in facts]


def _follow(fact: Fact[Any], today: Mapping[UUID, UUID]) -> Fact[Any]:
    if isinstance(fact, ContactMerged):
        into = contacts.follow(today, fact.data.into)
        return fact.model_copy(update={"data": fact.data.model_copy(update={"into": into})})
    now = today.get(fact.subject, fact.subject) if fact.subject else None
    return fact if now == fact.subject else fact.model_copy(update={"subject": now})
