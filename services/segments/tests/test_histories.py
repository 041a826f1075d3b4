"""Whatever is heard in whatever order, memberships are what a build from nothing makes of it."""

from collections import defaultdict
from datetime import timedelta

from canvass_rules import dump
from canvass_schemas.segments import ContactEntered
from canvass_segments.compile import judging
from canvass_segments.store.definitions import definitions
from canvass_segments.tables import memberships, metadata
from canvass_segments.use_cases import defining
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, true

from services.segments.tests import folding
from services.segments.tests.conftest import NOON, build_all
from services.segments.tests.strategies import KEYS, RULES, histories

DEFINED = st.lists(st.tuples(KEYS, RULES, st.integers(0, 5)), max_size=3)
LATER = st.lists(st.timedeltas(timedelta(), timedelta(days=4)), min_size=6, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), first=st.tuples(RULES, RULES), defined=DEFINED, later=LATER)
async def test_memberships_are_what_a_build_from_nothing_makes(
    database, hear, said, members, present, review, history, first, defined, later
):
    """As time goes by between the batches, whatever leaves a window meanwhile."""
    await _forget_all(database)
    present.present = NOON
    put = defaultdict(list, {0: list(zip(("one", "two"), first, strict=True))})
    for key, rules, place in defined:
        put[min(place, len(history))].append((key, rules))
    for place, batch in enumerate([*history, []]):
        for key, rules in put[place]:
            await _define(database, key, rules)
        await hear(*batch)
        present.turn(later[place])
    await build_all(database, present.now())
    await review()

    in_force = {key: rules for _, all_ in sorted(put.items()) for key, rules in all_}
    found = await members()
    assert found == await _from_nothing(database, in_force, present.now())
    assert found == folding.members([fact for batch in history for fact in batch], in_force, present.now())
    assert found == _as_told(await said())


async def _define(database, key, rules):
    document = {"name": key, "rules": dump(rules)}
    async with database.transaction() as tx:
        known = await defining.find(tx, key)
        if known is None:
            await defining.create(tx, key, document)
        else:
            await defining.replace(tx, known, document)


async def _from_nothing(database, in_force, now):
    """By one query over all, and what was said by hand."""
    said_by_hand = select(memberships).where(memberships.c.fixed_at.is_not(None))
    async with database.transaction() as tx:
        verdicts = await tx.all(judging(list(in_force.values()), lambda _: true()), {"now": now})
        fixed = {(row.contact_id, row.segment): row.member for row in await tx.all(said_by_hand)}
    judged = {
        (row[0], key): verdict for row in verdicts for key, verdict in zip(in_force, row[1:], strict=True)
    }
    return {pair for pair, holds in (judged | fixed).items() if holds}


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
