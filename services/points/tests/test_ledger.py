"""What lines make of scores, and how far thresholds are behind a contact then."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from canvass_points.domain.ledger import absorb, adjust, post
from canvass_points.domain.model import Entry, Inheritance, Score, ScoreChange
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ADA, BOB = UUID(int=1), UUID(int=2)


def entry(delta, contact_id=ADA):
    return Entry(contact_id, UUID(int=9), "pricing", 1, delta, NOON)


def change(score, previous, revision, risen_from, reached, known=True):
    return ScoreChange(ADA, score, previous, revision, risen_from, reached, known)


def score(points, revision=1, reached=None, known=True):
    return Score(ADA, points, revision, points if reached is None else reached, known)


@pytest.mark.parametrize(
    ("deltas", "was", "changes"),
    [
        pytest.param([], None, [], id="nothing earned"),
        pytest.param([10], None, [change(10, 0, 1, 0, 10)], id="the first points"),
        pytest.param([10, 5], score(36, 4), [change(51, 36, 5, 36, 51)], id="a batch is one change"),
        pytest.param([-60], score(51, 5), [change(-9, 51, 6, -9, -9)], id="points may be lost"),
        pytest.param([10, -10], score(51, 5), [], id="they cancel out"),
        pytest.param([5], score(95, 5, reached=40), [change(100, 95, 6, 40, 100)], id="not judged for long"),
    ],
)
def test_what_lines_make_of_a_score(deltas, was, changes):
    assert post([entry(delta) for delta in deltas], {ADA: was} if was else {}, {ADA}) == changes


def test_what_a_visitor_reaches_is_reached_once_it_is_known():
    [anonymous] = post([entry(60)], {}, ())
    assert (anonymous.risen_from, anonymous.reached, anonymous.known) == (0, 0, False)
    [known] = post([entry(1)], {ADA: Score(ADA, 60, 1, anonymous.reached, anonymous.known)}, {ADA})
    assert (known.risen_from, known.reached, known.known) == (0, 61, True)


def test_what_happened_long_ago_counts_and_crosses_nothing():
    [old] = post([entry(60)], {ADA: score(0)}, (), starts=False)
    assert (old.score, old.risen_from, old.reached) == (60, 60, 60)


@pytest.mark.parametrize(
    ("winner", "left", "expected"),
    [
        pytest.param(score(40, 3), Inheritance(11, 11), change(51, 40, 4, 40, 51), id="they add up"),
        pytest.param(score(10, 3), Inheritance(60, 60), change(70, 10, 4, 60, 70), id="the loser was higher"),
        pytest.param(score(70, 3), Inheritance(-60, -60), change(10, 70, 4, 10, 10), id="points are lost"),
        pytest.param(score(40, 3), Inheritance(), None, id="nothing was left"),
        pytest.param(
            score(60, 3, reached=0, known=False),
            Inheritance(0, 0, known=True),
            change(60, 60, 4, 0, 60),
            id="a visitor is somebody known",
        ),
    ],
)
def test_the_winner_of_a_merge_takes_over_what_losers_left(winner, left, expected):
    assert absorb(winner, left) == expected


def test_who_adjusts_a_score_knows_whose_it_is():
    assert adjust(Score(ADA), 5) == change(5, 0, 1, 0, 5)


LINES = st.builds(entry, st.integers(-20, 20), st.sampled_from([ADA, BOB]))


@given(st.lists(st.tuples(st.lists(LINES, max_size=5), st.booleans(), st.booleans()), max_size=6))
def test_a_score_is_the_sum_of_its_ledger_however_the_lines_came(batches):
    scores = {}
    for batch, known, starts in batches:
        for made in post(batch, scores, {ADA, BOB} if known else (), starts=starts):
            was = scores.get(made.contact_id, Score(made.contact_id))
            assert (made.previous, made.revision) == (was.score, was.revision + 1)
            assert made.reached <= made.score
            scores[made.contact_id] = Score(
                made.contact_id, made.score, made.revision, made.reached, made.known
            )
    for contact_id in (ADA, BOB):
        total = sum(line.delta for batch, *_ in batches for line in batch if line.contact_id == contact_id)
        assert scores.get(contact_id, Score(contact_id)).score == total
