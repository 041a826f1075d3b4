"""Cursors: what one list gave out, the same list takes; anything else is refused."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from canvass_runtime.errors import Invalid
from canvass_runtime.pagination import decode, encode

Position = tuple[datetime, UUID]


def test_a_cursor_leads_back_to_its_position():
    position = datetime(2026, 12, 1, tzinfo=UTC), uuid4()
    assert decode(encode(position), Position) == position


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_cursor_of_a_time_that_cannot_be_kept_is_refused(time):
    with pytest.raises(Invalid):
        decode(encode([time, str(uuid4())]), Position)
