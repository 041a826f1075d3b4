"""What the compiler makes of rules: the verdicts of the pure predicate, by the keys of all tables."""

from datetime import timedelta
from uuid import uuid4

from canvass_rules import Facts, Happened, holds, parse
from canvass_segments.compile import Looked, judging
from canvass_segments.domain.model import Definition, facts
from canvass_segments.store import behaviours
from canvass_segments.store.judging import changed_among
from canvass_segments.tables import contacts
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ClauseElement, Executable, insert, text
from sqlalchemy.ext.compiler import compiles

from services.segments.tests.conftest import CANADA, NOON, PRICES_TWICE, document
from services.segments.tests.folding import told
from services.segments.tests.strategies import ATTRIBUTES, BEHAVIOURS, RULES, TAGGED, TEXTS


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rules=st.lists(RULES, min_size=1, max_size=2),
    person=st.tuples(TEXTS, TEXTS, TEXTS, TAGGED, ATTRIBUTES),
    score=st.sampled_from([0, 1, 50]),
    events=st.lists(BEHAVIOURS, max_size=5),
)
async def test_verdicts_are_those_of_the_predicate(database, rules, person, score, events):
    id_ = uuid4()
    done = [told(event.about(id_)) for event in events]
    row = dict(zip(("user_id", "email", "phone", "tags", "attributes"), person, strict=True))
    async with database.transaction() as tx:
        await tx.execute(insert(contacts).values(contact_id=id_, **row, score=score))
        await behaviours.keep(tx, done)
        scope, given = (lambda contact_id: contact_id == id_), {"now": NOON}
        [verdicts] = await tx.all(judging(rules, scope, reviews=True), given)
        looked = Looked(rules, scope)
        [looked_at] = await tx.all(looked.query, given)
    happened = [Happened(one.kind, one.values(), one.at) for one in done]
    known = Facts({**facts(**row).fields, "score": score}, happened, person[3])
    expected = [holds(group, known, NOON) for group in rules]
    assert list(verdicts)[1 : len(rules) + 1] == expected
    assert [looked.holds(looked_at, place) for place in range(len(rules))] == expected
    for group, next_at in zip(rules, list(verdicts)[len(rules) + 1 :], strict=True):
        _check_review(group, known, next_at)


def _check_review(group, known, next_at):
    """The verdict stays what it is until then, and there is such a time if it ever changes."""
    moments = [one.at + within for one in known.behaviours for within in WINDOWS]
    for moment in sorted(moment for moment in moments if moment > NOON):
        if next_at is not None and moment >= next_at:
            return
        assert holds(group, known, moment) is holds(group, known, NOON)


WINDOWS = (timedelta(minutes=90), timedelta(days=1), timedelta(days=7))


async def test_the_query_of_a_batch_goes_by_the_contacts_keys(database):
    """None of the tables is read through for a hundred contacts out of twenty thousand."""
    async with database.transaction() as tx:
        for statement in FILL:
            await tx.execute(text(statement))
        ids = await tx.scalars(text("SELECT contact_id FROM segments.contacts ORDER BY random() LIMIT 100"))
        plan = await _plan(tx, ids)
    read_through = {node["Relation Name"] for node in _nodes(plan) if node["Node Type"] == "Seq Scan"}
    assert not read_through & {"contacts", "memberships", "behaviours_p20261201"}  # the other days are empty
    indexes = {node["Index Name"] for node in _nodes(plan) if "Index Name" in node}
    assert indexes >= {"pk_contacts", "behaviours_p20261201_pkey"}


FILL = (
    "INSERT INTO segments.contacts (contact_id, attributes)"
    " SELECT gen_random_uuid(), jsonb_build_object('country', CASE WHEN n % 3 = 0 THEN 'CA' ELSE 'US' END)"
    " FROM generate_series(1, 20000) n",
    "INSERT INTO segments.behaviours (contact_id, at, event_id, kind, name, properties)"
    " SELECT contact_id, '2026-12-01 12:00+00', gen_random_uuid(), 'page_viewed', '/pricing', '{}'"
    " FROM segments.contacts, generate_series(1, 2)",
    "INSERT INTO segments.memberships (contact_id, segment, member, revision, since)"
    " SELECT contact_id, 'hot', true, 1, now() FROM segments.contacts",
    "INSERT INTO segments.reviews (contact_id, segment, next_at)"
    " SELECT contact_id, 'hot', '2026-12-08 12:00+00' FROM segments.contacts",
    "ANALYZE segments.contacts, segments.behaviours, segments.memberships, segments.reviews",
)


class Explain(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, statement):
        self.statement = statement


@compiles(Explain)
def _explain(element, compiler, **options):
    return f"EXPLAIN (FORMAT JSON, ANALYZE) {compiler.process(element.statement, **options)}"


async def test_a_window_goes_by_the_contacts_keys_and_reads_no_day_before_it(database):
    async with database.transaction() as tx:
        for statement in FILL:
            await tx.execute(text(statement))
        ids = await tx.scalars(text("SELECT contact_id FROM segments.contacts ORDER BY random() LIMIT 100"))
        within = {**PRICES_TWICE, "within": "PT1H"}
        plan = await _plan(tx, ids, within, now=NOON + timedelta(days=2))
    read_through = {node["Relation Name"] for node in _nodes(plan) if node["Node Type"] == "Seq Scan"}
    assert not read_through & {"contacts", "memberships", "reviews", "behaviours_p20261201"}
    read = {node.get("Relation Name") for node in _nodes(plan) if node.get("Actual Loops", 0)}
    assert "behaviours_p20261201" not in read


async def test_a_history_is_read_from_its_end(database):
    async with database.transaction() as tx:
        for statement in FILL:
            await tx.execute(text(statement))
        someone = await tx.scalar(text("SELECT contact_id FROM segments.contacts LIMIT 1"))
        [plan] = await tx.scalar(Explain(behaviours.history(someone, (NOON, someone), 50)))
    assert "behaviours_p20261201_pkey" in {node.get("Index Name") for node in _nodes(plan["Plan"])}
    assert "Seq Scan" not in {
        node["Node Type"]
        for node in _nodes(plan["Plan"])
        if node.get("Relation Name") == "behaviours_p20261201"
    }


async def _plan(tx, ids, *more, now=NOON):
    twice = more or (PRICES_TWICE,)
    rules = [parse(document(CANADA, *twice)["rules"]), parse(document(*twice)["rules"])]
    keys = ["hot", "twice"]
    definitions = [Definition(key, 1, group) for key, group in zip(keys, rules, strict=True)]
    [plan] = await tx.scalar(Explain(changed_among(definitions)), {"ids": ids, "keys": keys, "now": now})
    return plan["Plan"]


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
