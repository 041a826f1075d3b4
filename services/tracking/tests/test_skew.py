from datetime import UTC, datetime, timedelta

import pytest
from canvass_tracking.domain.skew import happened_at
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("original", "sent", "happened"),
    [
        pytest.param(NOON - MINUTE, NOON, NOON - MINUTE, id="the clocks agree"),
        pytest.param(NOON + HOUR - MINUTE, NOON + HOUR, NOON - MINUTE, id="its clock is fast"),
        pytest.param(NOON - HOUR - MINUTE, NOON - HOUR, NOON - MINUTE, id="its clock is slow"),
        pytest.param(NOON - HOUR, NOON - 2 * HOUR, NOON, id="sent before it happened: received now"),
        pytest.param(NOON - HOUR, None, NOON - HOUR, id="no time of sending: believed"),
        pytest.param(NOON + HOUR, None, NOON, id="no time of sending, and not yet: received now"),
        pytest.param(None, NOON - HOUR, NOON, id="no time of its own: received now"),
        pytest.param(
            datetime.min.replace(tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
            NOON,
            id="beyond all calendars",
        ),
    ],
)
def test_when_it_happened(original, sent, happened):
    assert happened_at(original, sent, NOON) == happened


TIMES = st.datetimes(timezones=st.just(UTC))


@given(st.none() | TIMES, st.none() | TIMES, TIMES)
def test_nothing_happens_after_it_was_received(original, sent, received):
    assert happened_at(original, sent, received) <= received


@given(
    st.timedeltas(timedelta(0), timedelta(days=30)), st.timedeltas(-timedelta(days=30), timedelta(days=30))
)
def test_how_wrong_the_senders_clock_is_makes_no_difference(age, error):
    sent = NOON + error
    assert happened_at(sent - age, sent, NOON) == NOON - age
