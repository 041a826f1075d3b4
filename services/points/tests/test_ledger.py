from datetime import UTC, datetime
from uuid import UUID

import pytest
from canvass_points.domain.ledger import absorb, post
from canvass_points.domain.model import Entry, Score, ScoreChange
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ADA, BOB = UUID(int=1), UUID(int=2)


def entry(delta, contact_id=ADA):
    return Entry(contact_id, UUID(int=9), "pricing", 1, delta, NOON)


@pytest.mark.parametrize(
    ("deltas", "was", "changes"),
    [
        pytest.param([], None, [], id="nothing earned"),
        pytest.param([10], None, [ScoreChange(ADA, 10, 0, 1)], id="the first points"),
        pytest.param([10, 5], Score(ADA, 36, 4), [ScoreChange(ADA, 51, 36, 5)], id="a batch is one change"),
        pytest.param([-60], Score(ADA, 51, 5), [ScoreChange(ADA, -9, 51, 6)], id="points may be lost"),
        pytest.param([10, -10], Score(ADA, 51, 5), [], id="they cancel out"),
    ],
)
def test_what_lines_make_of_a_score(deltas, was, changes):
    assert post([entry(delta) for delta in deltas], {ADA: was} if was else {}) == changes


def test_the_winner_of_a_merge_takes_over_the_score():
    assert absorb(Score(ADA, 40, 3), 11) == ScoreChange(ADA, 51, 40, 4)
    assert absorb(Score(ADA, 40, 3), 0) is None


LINES = st.builds(entry, st.integers(-20, 20), st.sampled_from([ADA, BOB]))


@given(st.lists(st.lists(LINES, max_size=5), max_size=6))
def test_a_score_is_the_sum_of_its_ledger_however_the_lines_came(batches):
    scores = {}
    for batch in batches:
        for change in post(batch, scores):
            was = scores.get(change.contact_id, Score(change.contact_id))
            assert (change.previous, change.revision) == (was.score, was.revision + 1)
            scores[change.contact_id] = Score(change.contact_id, change.score, change.revision)
    for contact_id in (ADA, BOB):
        total = sum(line.delta for batch in batches for line in batch if line.contact_id == contact_id)
        assert scores.get(contact_id, Score(contact_id)).score == total
