"""Journeys are moved: load many, decide each, keep many. What moves them is in `hearing` and `arriving`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_campaigns import announce
from canvass_campaigns.announce import Decided
from canvass_campaigns.domain.engine import advance, outset
from canvass_campaigns.domain.forwarding import forward
from canvass_campaigns.domain.model import Journey
from canvass_campaigns.domain.signals import Entered, JourneyBegan, JourneyEnded, Passed, Signal
from canvass_campaigns.store import contacts, definitions, memory, passages, tallies
from canvass_campaigns.store import journeys as store
from canvass_campaigns.store.listening import read_listening
from canvass_campaigns.store.tallies import Tally


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact is about to enter a campaign, of this key and version."""

    contact_id: UUID
    campaign: tuple[str, int]
    at: datetime
    cause: Fact[Any] | None = None
    because: UUID | None = None
    """The event that led here, through as many facts as it may be."""
    contact_revision: int = 0
    """As of which whoever sent it here knew it."""


@dataclass(frozen=True, slots=True)
class Move:
    """A signal for a journey, and the fact that tells of it."""

    journey: Journey
    signal: Signal
    at: datetime
    cause: Fact[Any] | None = None
    contact_revision: int = 0


async def enter(tx: Tx, entering: Iterable[Entry]) -> None:
    """A contact enters a campaign once, by whichever source it came first."""
    first: dict[tuple[UUID, str], Entry] = {}
    for entry in entering:
        first.setdefault((entry.contact_id, entry.campaign[0]), entry)
    if not first:
        return
    walked = {(one.contact_id, one.campaign) for one in await store.read_journeys(tx, first.keys())}
    new = {pair: entry for pair, entry in first.items() if pair not in walked}
    campaigns = await definitions.read_campaigns(tx, {entry.campaign for entry in new.values()})
    early = await memory.recall(tx, new) if new else {}
    moves: list[Move] = []
    for pair, entry in new.items():
        journey = outset(campaigns[entry.campaign], entry.contact_id)
        moves.append(Move(journey, Entered(entry.because), entry.at, entry.cause, entry.contact_revision))
        done = [heard for heard in early.get(pair, ()) if heard.at >= entry.at]
        moves += [Move(journey, heard, heard.at, entry.cause) for heard in done]
    await move(tx, moves)


async def move(tx: Tx, moves: Sequence[Move]) -> None:
    """Let each signal carry its journey as far as it does; several for one journey, one after the other."""
    if not moves:
        return
    published = (await read_listening(tx)).published
    campaigns = await definitions.read_campaigns(tx, {_walked(move.journey) for move in moves})
    campaigns = {**campaigns, **{(key, one.version): one for key, one in published.items()}}
    current: dict[UUID, Journey] = {}
    changed: dict[UUID, Journey] = {}
    decided: list[Decided] = []
    passed: list[tuple[Journey, Passed]] = []
    counts: Counter[Tally] = Counter()
    for one in moves:
        walk = forward(one.journey, published, campaigns[_walked(one.journey)])
        journey = current.setdefault(walk.id, walk)
        at_rest = journey.campaign not in published
        outcome = advance(campaigns[_walked(journey)], journey, one.signal, one.at, at_rest=at_rest)
        if outcome.journey is journey:
            continue
        current[journey.id] = changed[journey.id] = outcome.journey
        decided.append(Decided(outcome.journey, outcome.effects, one.at, one.cause, one.contact_revision))
        passed += [(outcome.journey, step) for step in outcome.passed]
        _count(counts, journey, decided[-1], outcome.passed)
    await store.keep_journeys(tx, list(changed.values()))
    await passages.keep_passages(tx, passed)
    await tallies.add(tx, counts)
    await announce.decided(tx, decided, await _revisions(tx, decided))


def _walked(journey: Journey) -> tuple[str, int]:
    return journey.campaign, journey.version


def _count(counts: Counter[Tally], before: Journey, after: Decided, passed: Iterable[Passed]) -> None:
    key = before.campaign
    counts.subtract((key, at.step, "waiting") for at in before.open)
    counts.update((key, at.step, "waiting") for at in after.journey.open)
    counts.update((key, step.step, step.outcome) for step in passed)
    for effect in after.effects:
        match effect:
            case JourneyBegan():
                counts[key, "", "entered"] += 1
                counts[key, "", tallies.entered_on(after.at.date())] += 1
            case JourneyEnded():
                counts[key, "", "ended"] += 1
            case _:
                pass


async def _revisions(tx: Tx, decided: Sequence[Decided]) -> Mapping[UUID, int]:
    """Of the contacts of whom something is wanted: as they are known here, or to whoever judged them."""
    wanting = {one.journey.contact_id for one in decided if one.wants()}
    if not wanting:
        return {}
    known = dict(await contacts.read_revisions(tx, wanting))
    for one in decided:
        told = getattr(one.cause.data, "contact_revision", 0) if one.cause else 0
        id_ = one.journey.contact_id
        known[id_] = max(told, one.contact_revision, known.get(id_, 0))
    return known
