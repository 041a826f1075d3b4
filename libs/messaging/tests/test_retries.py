"""When an event that failed is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from canvass_messaging.consumers import Unworkable
from canvass_messaging.retries import LADDER, Again, Park, described, verdict
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(("attempt", "wait"), [*enumerate(LADDER, start=1)])
def test_each_failure_waits_longer_than_the_one_before(attempt, wait):
    assert verdict(ValueError(), attempt, NOW) == Again(NOW + wait)
    assert wait > (LADDER[attempt - 2] if attempt > 1 else timedelta())


@given(st.integers(min_value=len(LADDER) + 1, max_value=32_000))
def test_after_the_last_rung_it_is_parked(attempt):
    assert verdict(ValueError(), attempt, NOW) == Park()


@given(st.integers(min_value=1, max_value=32_000))
def test_the_unworkable_is_parked_at_once(attempt):
    assert verdict(Unworkable("never"), attempt, NOW) == Park()


def test_an_error_is_described_by_its_kind_and_what_it_says():
    assert described(ValueError("no\x00nsense")) == "ValueError: nonsense"
    assert len(described(ValueError("long" * 1000))) < 1000
