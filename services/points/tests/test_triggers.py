"""Which triggers a change of a score sets off."""

from uuid import UUID

import pytest
from canvass_points.domain.model import ChangeSegment, ScoreChange, Trigger
from canvass_points.domain.triggers import Triggers
from hypothesis import given
from hypothesis import strategies as st

ADA = UUID(int=1)


def trigger(at, key=None, active=True):
    return Trigger(key or str(at), 1, at, (ChangeSegment("hot", member=True),), active=active)


def change(risen_from, reached):
    return ScoreChange(ADA, reached, risen_from, 7, risen_from, reached, known=True)


@pytest.mark.parametrize(
    ("risen_from", "reached", "crossed"),
    [
        (0, 49, []),
        (49, 50, ["50"]),
        (50, 99, []),
        (0, 100, ["50", "100", "also"]),
        (99, 150, ["100", "also"]),
        (150, 20, []),
        (100, 100, []),
        (-20, 60, ["50"]),
    ],
)
def test_a_threshold_is_crossed_by_rising_to_it(risen_from, reached, crossed):
    triggers = Triggers([trigger(100), trigger(50), trigger(100, "also"), trigger(60, active=False)])
    found = triggers.crossed([change(risen_from, reached)])
    assert [one.trigger.key for one in found] == crossed
    assert all((one.contact_id, one.score, one.revision) == (ADA, reached, 7) for one in found)


@given(st.lists(st.integers(1, 9)), st.integers(-9, 12), st.integers(-9, 12))
def test_the_index_finds_what_looking_at_every_trigger_would(thresholds, risen_from, reached):
    triggers = [trigger(at, str(number)) for number, at in enumerate(thresholds)]
    found = Triggers(triggers).crossed([change(risen_from, reached)])
    assert {one.trigger.key for one in found} == {
        one.key for one in triggers if risen_from < one.at <= reached
    }
