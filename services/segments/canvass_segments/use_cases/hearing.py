"""Facts are heard: remember them, judge whom they concern, say who has entered and who has left.

A handful of statements a batch, whatever its size; but for the first, none where no segment listens.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_rules import Facts
from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_segments import announce
from canvass_segments.domain import concern
from canvass_segments.domain.concern import Concern
from canvass_segments.domain.model import Behaviour, Merge, Person, Score
from canvass_segments.store import behaviours, contacts, judging, memberships
from canvass_segments.store.definitions import Known, definitions
from canvass_segments.use_cases import placing
from canvass_segments.use_cases.settling import settle


@dataclass(frozen=True, slots=True)
class Batch:
    """What is heard at once."""

    causes: Mapping[UUID, Fact[Any]]
    """The facts by their ids."""
    now: datetime
    """The present, which windows go by."""


async def behave(tx: Tx, done: Sequence[Behaviour], batch: Batch) -> None:
    """Contacts have done something."""
    known = await definitions.as_of(tx, await behaviours.keep(tx, done))
    concerned = concern.of_behaviours(known.listening, done)
    await _judge(tx, known, concerned, {one.contact_id: one.event_id for one in done}, batch)


async def change(tx: Tx, people: Sequence[Person], batch: Batch) -> None:
    """Contacts are known better. What is no newer than what is known changes nothing."""
    before = await contacts.keep_people(tx, people)
    after = {one.contact_id: one.facts() for one in people}
    await _judge_facts(tx, before, after, {one.contact_id: one.event_id for one in people}, batch)


async def score(tx: Tx, scores: Sequence[Score], batch: Batch) -> None:
    """Contacts have other scores. What is no newer than what is known changes nothing."""
    before = await contacts.keep_scores(tx, scores)
    after = {one.contact_id: Facts({"score": one.score}) for one in scores}
    await _judge_facts(tx, before, after, {one.contact_id: one.event_id for one in scores}, batch)


async def merge(tx: Tx, merges: Sequence[Merge], batch: Batch) -> None:
    """Contacts turned out to be others, to whom what they did belongs, and what was said of them by hand.

    They leave all that they were in.
    """
    winners = {one.loser: one.winner for one in merges}
    told_by = {one.loser: one.event_id for one in merges}
    generation, moved = await behaviours.move(tx, winners)
    await contacts.forget(tx, winners.keys())
    left, said = await memberships.end(tx, {loser: batch.causes[told_by[loser]].time for loser in winners})
    reasons = {(one.contact_id, one.segment): batch.causes[told_by[one.contact_id]] for one in left}
    await announce.changed(tx, left, reasons)
    await placing.inherit(tx, said, winners, {loser: batch.causes[id_] for loser, id_ in told_by.items()})
    known = await definitions.as_of(tx, generation)
    heard = {winner: told_by[loser] for loser, winner in winners.items()}
    await _judge(tx, known, concern.of_moves(known.listening, moved, heard), heard, batch)


async def _judge_facts(
    tx: Tx,
    before: contacts.Before,
    after: Mapping[UUID, Facts],
    heard: Mapping[UUID, UUID],
    batch: Batch,
) -> None:
    if not before.facts:
        return
    known = await definitions.as_of(tx, before.generation)
    concerned = concern.of_fields(known.listening, before.facts, after, heard)
    await _judge(tx, known, concerned, {id_: heard[id_] for id_ in before.facts}, batch)


async def _judge(tx: Tx, known: Known, concerned: Concern, heard: Mapping[UUID, UUID], batch: Batch) -> None:
    """Judge whom the batch concerns. `heard`: for each contact of the batch, an event that told of it."""
    if known.listening.at_first_sight:
        new = await contacts.meet(tx, heard.keys())
        concerned = concern.with_new(known.listening, concerned, {id_: heard[id_] for id_ in new})
    if not concerned:
        return
    verdicts = await judging.judge(tx, known, concerned.keys(), concern.segments_of(concerned), batch.now)
    reasons = {
        (one.contact_id, one.segment): batch.causes[
            concerned[one.contact_id].get(one.segment, heard[one.contact_id])
        ]
        for one in verdicts
    }
    await settle(tx, verdicts, reasons, batch.now)
