"""Facts are heard: remember them, judge whom they concern, say who has entered and who has left.

A handful of statements a batch, whatever its size; but for the first, none where no segment listens.
`causes` are the facts by their ids.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact

from canvass_segments import announce
from canvass_segments.domain import concern
from canvass_segments.domain.concern import Concern
from canvass_segments.domain.model import Behaviour, Merge, Person, Score, Turn, fields
from canvass_segments.store import behaviours, contacts, judging, memberships
from canvass_segments.store.definitions import Known, definitions

Causes = Mapping[UUID, Fact[Any]]


async def behave(tx: Tx, done: Sequence[Behaviour], causes: Causes) -> None:
    """Contacts have done something."""
    known = await definitions.as_of(tx, await behaviours.keep(tx, done))
    concerned = concern.of_behaviours(known.listening, done)
    await _judge(tx, known, concerned, {one.contact_id: one.event_id for one in done}, causes)


async def change(tx: Tx, people: Sequence[Person], causes: Causes) -> None:
    """Contacts are known better. What is no newer than what is known changes nothing."""
    before = await contacts.keep_people(tx, people)
    after = {one.contact_id: fields(one.user_id, one.email, one.attributes) for one in people}
    await _judge_fields(tx, before, after, {one.contact_id: one.event_id for one in people}, causes)


async def score(tx: Tx, scores: Sequence[Score], causes: Causes) -> None:
    """Contacts have other scores. What is no newer than what is known changes nothing."""
    before = await contacts.keep_scores(tx, scores)
    after = {one.contact_id: {"score": one.score} for one in scores}
    await _judge_fields(tx, before, after, {one.contact_id: one.event_id for one in scores}, causes)


async def merge(tx: Tx, merges: Sequence[Merge], causes: Causes) -> None:
    """Contacts turned out to be others, to whom what they did belongs. They leave all that they were in."""
    winners = {one.loser: one.winner for one in merges}
    told_by = {one.loser: one.event_id for one in merges}
    generation, moved = await behaviours.move(tx, winners)
    await contacts.forget(tx, winners.keys())
    left = await memberships.end(tx, {loser: causes[told_by[loser]].time for loser in winners})
    reasons = {(one.contact_id, one.segment): causes[told_by[one.contact_id]] for one in left}
    await announce.changed(tx, left, reasons)
    known = await definitions.as_of(tx, generation)
    heard = {winner: told_by[loser] for loser, winner in winners.items()}
    await _judge(tx, known, concern.of_moves(known.listening, moved, heard), heard, causes)


async def _judge_fields(
    tx: Tx,
    before: contacts.Before,
    after: Mapping[UUID, Mapping[str, object]],
    heard: Mapping[UUID, UUID],
    causes: Causes,
) -> None:
    if not before.fields:
        return
    known = await definitions.as_of(tx, before.generation)
    concerned = concern.of_fields(known.listening, before.fields, after, heard)
    await _judge(tx, known, concerned, {id_: heard[id_] for id_ in before.fields}, causes)


async def _judge(
    tx: Tx, known: Known, concerned: Concern, heard: Mapping[UUID, UUID], causes: Causes
) -> None:
    """Judge whom the batch concerns. `heard`: for each contact of the batch, an event that told of it."""
    if known.listening.at_first_sight:
        new = await contacts.meet(tx, heard.keys())
        concerned = concern.with_new(known.listening, concerned, {id_: heard[id_] for id_ in new})
    if not concerned:
        return
    verdicts = await judging.judge(tx, known, concerned.keys(), concern.segments_of(concerned))
    if not verdicts:
        return
    reasons = {
        (contact, segment): causes[concerned[contact].get(segment, heard[contact])]
        for contact, segment, _ in verdicts
    }
    turns = [
        Turn(contact, segment, member, reasons[contact, segment].time)
        for contact, segment, member in verdicts
    ]
    await announce.changed(tx, await memberships.keep(tx, turns), reasons)
