"""What is heard moves journeys: memberships, behaviours, answers, the time, merges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_campaigns.domain.forwarding import forward
from canvass_campaigns.domain.listening import Behaviour, Ear, Listening
from canvass_campaigns.domain.merging import merge_journeys
from canvass_campaigns.domain.model import Journey
from canvass_campaigns.domain.signals import Exited, Heard, Settled, Verdict, Woke
from canvass_campaigns.store import arrivals, contacts, definitions, due, memory, passages
from canvass_campaigns.store import journeys as store
from canvass_campaigns.store.due import Due
from canvass_campaigns.store.listening import read_listening
from canvass_campaigns.store.memory import Remembered
from canvass_campaigns.use_cases.walking import Entry, Move, enter, move

STARTS_NOTHING_AFTER = timedelta(hours=72)
"""What happened longer ago counts for segments, scores and decisions, but begins no journey."""


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
    """What became of what a step of a journey wanted."""

    contact_id: UUID
    campaign: str
    journey_id: UUID
    signal: Settled | Verdict
    at: datetime
    cause: Fact[Any]


async def membership_changed(tx: Tx, changes: Sequence[Membership], now: datetime) -> None:
    """Mirror memberships that somebody listens to, and let those who entered begin their journeys.

    Entering counts even when it is heard after a later leaving, as it would have if heard in order. What
    entered by something old, which goes by bulk, begins nothing.
    """
    listeners = await definitions.read_listeners(tx, {change.segment for change in changes})
    heard = [change for change in changes if change.segment in listeners]
    await contacts.keep_memberships(tx, [(c.contact_id, c.segment, c.member, c.revision) for c in heard])
    await enter(
        tx,
        [
            Entry(one.contact_id, campaign, one.at, one.cause, one.cause.correlationid or one.cause.id)
            for one in heard
            if one.member and (tx.lane == "live" or _is_recent(one.at, now))
            for campaign in listeners[one.segment]
        ],
    )


async def behaviours_heard(
    tx: Tx, behaviours: Sequence[Behaviour], causes: Mapping[UUID, Fact[Any]], now: datetime
) -> None:
    """Behaviours begin journeys, and answer decisions of those under way.

    `causes`: the facts, by the behaviours' ids. Those of the bulk lane, old or imported, begin nothing.
    """
    listening = await read_listening(tx)
    answered = {one.id: ears for one in behaviours if (ears := listening.ears(one))}
    by_id = {one.id: one for one in behaviours}
    moves = await _answers(tx, listening, [(by_id[id_], ears) for id_, ears in answered.items()], causes)
    if tx.lane == "live":
        recent = [one for one in behaviours if one.by_known and _is_recent(one.at, now)]
        await enter(
            tx,
            [
                Entry(one.contact_id, (campaign.key, campaign.version), one.at, causes[one.id], one.id)
                for one in sorted(recent, key=lambda one: (one.at, one.id))
                for campaign in listening.entrances(one)
            ],
        )
    await move(tx, moves)


def _is_recent(at: datetime, now: datetime) -> bool:
    return now - at <= STARTS_NOTHING_AFTER


async def _answers(
    tx: Tx,
    listening: Listening,
    answering: Sequence[tuple[Behaviour, list[Ear]]],
    causes: Mapping[UUID, Fact[Any]],
) -> list[Move]:
    """The moves of journeys under way. Of who walks none yet it is remembered, should they prove to."""
    pairs = {(one.contact_id, ear.campaign) for one, ears in answering for ear in ears}
    if not pairs:
        return []
    walked = store.by_pair(_forward(await store.read_journeys(tx, pairs), listening))
    early: set[Remembered] = set()
    moves: list[Move] = []
    for one, ears in sorted(answering, key=lambda answer: (answer[0].at, answer[0].id)):
        for key in sorted({ear.campaign for ear in ears}):
            journeys = walked.get((one.contact_id, key), ())
            moves += [
                Move(journey, Heard(steps, one.at, one.id), one.at, causes[one.id])
                for journey in journeys
                if (steps := _steps(one, ears, journey))
            ]
            if not journeys and key in listening.published:
                early |= {(one.contact_id, key, step, one.id, one.at) for step in _ahead(ears, key)}
    await memory.remember(tx, early)
    return moves


def _forward(journeys: Sequence[Journey], listening: Listening) -> list[Journey]:
    """They listen for what the version asks that they are about to walk."""
    own = {(one.key, one.version): one for one in listening.walked}
    return [forward(one, listening.published, own.get((one.campaign, one.version))) for one in journeys]


def _steps(behaviour: Behaviour, ears: Sequence[Ear], journey: Journey) -> tuple[str, ...]:
    """The decisions of a journey that a behaviour answers. A reaction is to the message of one journey."""
    return tuple(
        ear.step
        for ear in ears
        if (ear.campaign, ear.version) == (journey.campaign, journey.version)
        and (not ear.decision.of or behaviour.journey_id == journey.id)
        and (journey.open or ear.step in journey.missed)
    )


def _ahead(ears: Sequence[Ear], campaign: str) -> set[str]:
    """Decisions that a contact may answer before it is known to have entered. Reactions come after that."""
    return {ear.step for ear in ears if ear.campaign == campaign and not ear.decision.of}


async def answered(tx: Tx, answers: Sequence[Answer]) -> None:
    """Journeys that rest on these answers go on. Those to journeys that are no more change nothing."""
    pairs = {(answer.contact_id, answer.campaign) for answer in answers}
    known = {journey.id: journey for journey in await store.read_journeys(tx, pairs)} if pairs else {}
    moves = [
        Move(known[answer.journey_id], answer.signal, answer.at, answer.cause)
        for answer in answers
        if answer.journey_id in known
    ]
    await move(tx, moves)


async def wake_due(tx: Tx, campaign: str, what: Due, now: datetime, limit: int) -> int:
    """Journeys of one campaign that are due go on; returns how many.

    Contacts that somebody else holds are passed over: they are due again at the next look.
    """
    candidates = await due.contacts_due(tx, campaign, what, limit)
    held = await contacts.lock_free(tx, candidates)
    found = await due.read_due(tx, campaign, held, what)
    woke = Woke(what.until if what.heard else None)
    await move(tx, [Move(journey, woke, now) for journey in found])
    return len(found)


async def contacts_merged(tx: Tx, merges: Mapping[UUID, UUID], at: datetime, cause: Fact[Any]) -> None:
    """What the losers (the keys) have walked is the winners' now; of two walks of one kind one ends.

    What the losers did lately, the winners have done. Where these belong, `segments` says itself.
    """
    walks = await store.read_journeys_of(tx, {*merges, *merges.values()})
    merged = merge_journeys(merges, walks)
    await store.hand_over(tx, merged.handed_over)
    await passages.hand_over(tx, merged.handed_over)
    await contacts.forget_memberships(tx, merges)
    await arrivals.forget_of(tx, merges)
    await move(tx, [Move(journey, Exited("merged"), at, cause) for journey in merged.over])
    await _recall(tx, merges, cause)


async def _recall(tx: Tx, merges: Mapping[UUID, UUID], cause: Fact[Any]) -> None:
    walks = [journey for journey in await store.read_journeys_of(tx, {*merges.values()}) if journey.open]
    losers = {winner: [loser for loser in merges if merges[loser] == winner] for winner in merges.values()}
    pairs = {(loser, walk.campaign): walk for walk in walks for loser in losers[walk.contact_id]}
    done = await memory.recall(tx, pairs) if pairs else {}
    await memory.hand_over(tx, merges)
    heard = [(one, pairs[pair]) for pair, did in done.items() for one in did]
    await move(tx, [Move(walk, one, one.at, cause) for one, walk in heard])
