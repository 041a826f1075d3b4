"""Whatever is heard in whatever order, scores are their ledgers, and nothing is set off twice."""

from collections import Counter

from canvass_points.store.today import today
from canvass_points.tables import ledger, metadata
from canvass_schemas.points import ScoreChanged, ThresholdCrossed
from canvass_schemas.tracking import ContactMerged, PageViewed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from services.points.tests.conftest import (
    ANN,
    BLOG,
    BOB,
    CAT,
    PRICING,
    REFUNDED,
    WEBINAR,
    merged,
    submitted,
    tracked,
    viewed,
)

TRIGGER = {"name": "x", "at": 20, "do": [{"segment": "hot"}]}
CONTACTS, MINUTES = st.sampled_from([ANN, BOB, CAT]), st.integers(0, 3000)
PATHS = st.sampled_from(["/pricing", "/blog/1", "/"])
DONE = st.one_of(
    st.builds(viewed, CONTACTS, PATHS, MINUTES, contact_known=st.booleans()),
    st.builds(submitted, CONTACTS, minute=MINUTES),
    st.builds(tracked, CONTACTS, minute=MINUTES),
)
MERGES = st.sampled_from([[], [(ANN, BOB)], [(ANN, BOB), (BOB, CAT)], [(ANN, CAT), (BOB, CAT)]])


@st.composite
def histories(draw):
    """Facts in the order in which they are heard, some twice, in batches."""
    facts = draw(st.lists(DONE, min_size=1, max_size=10)) + [merged(*pair) for pair in draw(MERGES)]
    facts = draw(st.permutations(facts + draw(st.lists(st.sampled_from(facts), max_size=4))))
    cuts = sorted(draw(st.lists(st.integers(0, len(facts)), max_size=4)))
    return [facts[start:end] for start, end in zip([0, *cuts], [*cuts, len(facts)], strict=True)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
async def test_a_score_is_the_sum_of_its_ledger_whatever_is_heard_when(
    database, define, hear, said, scores, history
):
    await _begin(database, define)
    for batch in history:
        await hear(*batch)
    found, facts = await scores(), await said()
    assert found == await _sums(database) == _expected([fact for batch in history for fact in batch])
    told = [fact for fact in facts if isinstance(fact, ScoreChanged)]
    assert found.items() <= {fact.subject: fact.data.score for fact in sorted(told, key=_revision)}.items()
    crossed = Counter(fact.subject for fact in facts if isinstance(fact, ThresholdCrossed))
    assert not crossed or max(crossed.values()) == 1
    assert len({fact.id for fact in facts}) == len(facts)


async def _begin(database, define):
    today.forget()
    async with database.transaction() as tx:
        for table in metadata.sorted_tables:
            await tx.execute(delete(table))
    for key, document in {"pricing": PRICING, "blog": BLOG, "webinar": WEBINAR, "refunded": REFUNDED}.items():
        await define(key, document)
    await define("hot", TRIGGER)


def _revision(fact):
    return fact.revision


async def _sums(database):
    total = func.sum(ledger.c.delta)
    query = select(ledger.c.contact_id, total).group_by(ledger.c.contact_id).having(total != 0)
    async with database.transaction() as tx:
        return {row[0]: row[1] for row in await tx.all(query)}


def _expected(facts):
    """The same of what is told, folded without any database: of what is earned once, one for a person."""
    into = {fact.subject: fact.data.into for fact in facts if isinstance(fact, ContactMerged)}
    earned = {}
    for fact in facts:
        person = fact.subject
        while person in into:
            person = into[person]
        match fact:
            case ContactMerged():
                pass
            case PageViewed():
                earned[person, fact.id] = {"/pricing": 10, "/blog/1": 2, "/": 0}[fact.data.path]
            case _ if hasattr(fact.data, "form"):
                earned[person, "webinar"] = 20
            case _:
                earned[person, fact.id] = -30
    sums = Counter()
    for (person, _), delta in earned.items():
        sums[person] += delta
    return {person: score for person, score in sums.items() if score}
