"""Contacts walk through campaigns: load many journeys, decide each, keep many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_campaigns import announce
from canvass_campaigns.announce import Decided
from canvass_campaigns.domain.engine import advance, outset
from canvass_campaigns.domain.merging import merge_journeys
from canvass_campaigns.domain.model import (
    Entered,
    Exited,
    Journey,
    MessageOutcome,
    Settled,
    Signal,
    WantMessage,
    Woke,
)
from canvass_campaigns.store import contacts, definitions
from canvass_campaigns.store import journeys as store


@dataclass(frozen=True, slots=True)
class Membership:
    """A contact has entered a segment, or left it."""

    contact_id: UUID
    segment: str
    member: bool
    revision: int
    at: datetime
    cause: Fact[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the message that a step of a journey wanted."""

    contact_id: UUID
    campaign: str
    journey_id: UUID
    signal: Settled
    at: datetime
    cause: Fact[Any]

    @classmethod
    def of(cls, fact: Fact[Any], outcome: MessageOutcome) -> "Answer":
        """From a fact that channels say."""
        assert fact.subject  # noqa: S101 - such a fact cannot be made without
        data = fact.data
        signal = Settled(data.step, data.visit, outcome)
        return cls(fact.subject, data.campaign, data.journey_id, signal, fact.time, fact)


@dataclass(frozen=True, slots=True)
class _Move:
    journey: Journey
    signal: Signal
    at: datetime
    cause: Fact[Any] | None


async def membership_changed(tx: Tx, changes: Sequence[Membership]) -> None:
    """Mirror memberships that somebody listens to, and let those who entered begin their journeys.

    Entering counts even when it is heard after a later leaving, as it would have if heard in order.
    """
    listeners = await definitions.read_listeners(tx, {change.segment for change in changes})
    heard = [change for change in changes if change.segment in listeners]
    await contacts.keep_memberships(tx, [(c.contact_id, c.segment, c.member, c.revision) for c in heard])
    entering = [
        (change, campaign) for change in heard if change.member for campaign in listeners[change.segment]
    ]
    if entering:
        await _enter(tx, entering)


async def _enter(tx: Tx, entering: Sequence[tuple[Membership, tuple[str, int]]]) -> None:
    """A contact enters a campaign once, by whichever source it came first."""
    first: dict[tuple[UUID, str], tuple[Membership, tuple[str, int]]] = {}
    for change, (key, version) in entering:
        first.setdefault((change.contact_id, key), (change, (key, version)))
    known = {
        (journey.contact_id, journey.campaign) for journey in await store.read_journeys(tx, first.keys())
    }
    new = [entry for pair, entry in first.items() if pair not in known]
    campaigns = await definitions.read_campaigns(tx, {campaign for _, campaign in new})
    moves = [
        _Move(outset(campaigns[campaign], change.contact_id), Entered(), change.at, change.cause)
        for change, campaign in new
    ]
    await _move(tx, moves)


async def messages_settled(tx: Tx, answers: Sequence[Answer]) -> None:
    """Journeys that rest on these messages go on. Answers to journeys that are no more change nothing."""
    pairs = {(answer.contact_id, answer.campaign) for answer in answers}
    known = {journey.id: journey for journey in await store.read_journeys(tx, pairs)}
    moves = [
        _Move(known[answer.journey_id], answer.signal, answer.at, answer.cause)
        for answer in answers
        if answer.journey_id in known
    ]
    await _move(tx, moves)


async def wake_due(tx: Tx, campaign: str, now: datetime, limit: int) -> int:
    """Journeys of one campaign whose time has come go on; returns how many.

    Contacts that somebody else holds are passed over: they are due again at the next look.
    """
    candidates = await store.contacts_due(tx, campaign, now, limit)
    held = await contacts.lock_free(tx, candidates)
    due = await store.read_due(tx, campaign, held, now)
    await _move(tx, [_Move(journey, Woke(), now, None) for journey in due])
    return len(due)


async def contacts_merged(tx: Tx, merges: Mapping[UUID, UUID], at: datetime, cause: Fact[Any]) -> None:
    """What the losers (the keys) have walked is the winners' now; of two walks of one kind one ends.

    Where the winners belong, `segments` says itself.
    """
    walks = await store.read_journeys_of(tx, {*merges, *merges.values()})
    merged = merge_journeys(merges, walks)
    await store.hand_over(tx, merged.handed_over)
    await contacts.forget_memberships(tx, merges)
    await _move(tx, [_Move(journey, Exited("merged"), at, cause) for journey in merged.over])


async def _move(tx: Tx, moves: Sequence[_Move]) -> None:
    """Let each signal carry its journey as far as it does; several for one journey, one after the other."""
    campaigns = await definitions.read_campaigns(tx, {_walked(move.journey) for move in moves})
    current: dict[UUID, Journey] = {}
    decided: list[Decided] = []
    changed: dict[UUID, Journey] = {}
    for move in moves:
        journey = current.setdefault(move.journey.id, move.journey)
        outcome = advance(campaigns[_walked(journey)], journey, move.signal, move.at)
        if outcome.journey is not journey:
            current[journey.id] = changed[journey.id] = outcome.journey
            decided.append(Decided(outcome.journey, outcome.effects, move.at, move.cause))
    await store.keep_journeys(tx, list(changed.values()))
    await announce.decided(tx, decided, await _revisions(tx, decided))


def _walked(journey: Journey) -> tuple[str, int]:
    return journey.campaign, journey.version


async def _revisions(tx: Tx, decided: Sequence[Decided]) -> Mapping[UUID, int]:
    """Of the contacts of whom something is wanted: as they are known here, or to whoever judged them."""
    wanting = {
        one.journey.contact_id
        for one in decided
        if any(isinstance(effect, WantMessage) for effect in one.effects)
    }
    if not wanting:
        return {}
    known = dict(await contacts.read_revisions(tx, wanting))
    for one in decided:
        told = getattr(one.cause.data, "contact_revision", 0) if one.cause else 0
        known[one.journey.contact_id] = max(told, known.get(one.journey.contact_id, 0))
    return known
