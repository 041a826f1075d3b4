from datetime import timedelta

import pytest
from canvass_rules import read_duration, written_duration
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P7D", timedelta(days=7)),
        ("P2W", timedelta(days=14)),
        ("PT4H", timedelta(hours=4)),
        ("P1DT12H30M5S", timedelta(days=1, hours=12, minutes=30, seconds=5)),
        ("PT90M", timedelta(minutes=90)),
        ("PT0S", timedelta()),
        *dict.fromkeys(
            ["", "P", "PT", "P1DT", "7D", "P1M", "P1Y", "P1W2D", "PT1.5H", "-P1D", "P1D "]
        ).items(),
        *dict.fromkeys(
            ["P\u0661D", "p7d", "PT1H1H", "P1D1D", "P9999999999D", "P999999999W", "P7D\n"]
        ).items(),
    ],
)
def test_a_duration_is_read_or_none(text, length):
    assert read_duration(text) == length


@given(st.timedeltas(timedelta(), timedelta(days=400_000)))
def test_what_is_written_reads_back_the_same(length):
    whole = timedelta(days=length.days, seconds=length.seconds)
    assert read_duration(written_duration(whole)) == whole
