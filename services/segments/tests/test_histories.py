"""Whatever is heard in whatever order, memberships are what a build from nothing makes of it."""

from collections import defaultdict

from canvass_rules import Facts, Happened, dump, holds
from canvass_schemas.points import ScoreChanged
from canvass_schemas.segments import ContactEntered
from canvass_schemas.tracking import ContactChanged, ContactMerged, PageViewed
from canvass_segments.compile import judging
from canvass_segments.consumers import _event, _page
from canvass_segments.domain.model import fields
from canvass_segments.store.definitions import definitions
from canvass_segments.tables import metadata
from canvass_segments.use_cases import defining
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, true

from services.segments.tests.conftest import NOON, build_all
from services.segments.tests.strategies import RULES, histories

DEFINED = st.lists(
    st.tuples(st.sampled_from(["one", "two"]), RULES, st.integers(0, 5)), min_size=1, max_size=4
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), defined=DEFINED)
async def test_memberships_are_what_a_build_from_nothing_makes(
    database, hear, said, members, history, defined
):
    await _forget_all(database)
    put = defaultdict(list)
    for key, rules, place in defined:
        put[min(place, len(history))].append((key, rules))
    for place, batch in enumerate([*history, []]):
        for key, rules in put[place]:
            await _define(database, key, rules)
        await hear(*batch)
    await build_all(database)

    in_force = {key: rules for _, all_ in sorted(put.items()) for key, rules in all_}
    found = await members()
    assert found == await _from_nothing(database, in_force)
    assert found == _by_predicate([fact for batch in history for fact in batch], in_force)
    assert found == _as_told(await said())


async def _define(database, key, rules):
    document = {"name": key, "rules": dump(rules)}
    async with database.transaction() as tx:
        known = await defining.find(tx, key)
        if known is None:
            await defining.create(tx, key, document)
        else:
            await defining.replace(tx, known, document)


async def _from_nothing(database, in_force):
    async with database.transaction() as tx:
        verdicts = await tx.all(judging(list(in_force.values()), lambda _: true()))
    return {
        (row[0], key) for row in verdicts for key, verdict in zip(in_force, row[1:], strict=True) if verdict
    }


def _by_predicate(facts, in_force):
    """The same of what is told, folded without any database."""
    into = {fact.subject: fact.data.into for fact in facts if isinstance(fact, ContactMerged)}
    alive = {fact.subject for fact in facts} | set(into.values())
    alive -= into.keys()
    return {
        (id_, key)
        for id_ in alive
        for key, rules in in_force.items()
        if holds(rules, _known(id_, facts, into), NOON)
    }


def _known(contact_id, facts, into):
    known, people, scores, done = {"score": 0}, {}, {}, {}
    for fact in facts:
        match fact:
            case ContactChanged() if fact.subject == contact_id:
                people[fact.revision] = fields(fact.data.user_id, fact.data.email, fact.data.attributes)
            case ScoreChanged() if fact.subject == contact_id:
                scores[fact.revision] = {"score": fact.data.score}
            case ContactChanged() | ScoreChanged() | ContactMerged():
                pass
            case _ if _today(fact.subject, into) == contact_id:
                done[fact.id] = _page(fact) if isinstance(fact, PageViewed) else _event(fact)
    known |= people.get(max(people, default=0), {}) | scores.get(max(scores, default=0), {})
    return Facts(known, [Happened(one.kind, one.values(), one.at) for one in done.values()])


def _today(contact_id, into):
    while contact_id in into:
        contact_id = into[contact_id]
    return contact_id


def _as_told(facts):
    """Who is in which segment, to somebody who has heard the facts in any order."""
    newest = {}
    for fact in facts:
        if fact.key() not in newest or newest[fact.key()].revision < fact.revision:
            newest[fact.key()] = fact
    return {key for key, fact in newest.items() if isinstance(fact, ContactEntered)}


async def _forget_all(database):
    definitions.forget()
    async with database.transaction() as tx:
        for table in metadata.sorted_tables:
            await tx.execute(delete(table))
