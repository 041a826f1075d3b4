"""Identifiers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from canvass_schemas.ids import derived, uuid7, uuid7_time
from hypothesis import given
from hypothesis import strategies as st


def test_uuid7_is_an_rfc_9562_uuid_of_version_7():
    made = uuid7()
    assert (made.version, made.variant) == (7, uuid4().variant)


def test_the_example_of_the_rfc_reads_as_the_rfc_says():
    example = UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")  # RFC 9562, A.6
    assert uuid7_time(example) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


def test_uuid7_is_ordered_by_time_and_never_repeats():
    made = [uuid7() for _ in range(20_000)]
    times = [value.int >> 64 for value in made]
    assert times == sorted(times)
    assert len(set(made)) == len(made)


def test_the_time_of_a_uuid7_reads_back():
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= uuid7_time(uuid7()) <= datetime.now(UTC)


def test_another_uuid_has_no_time_to_read():
    with pytest.raises(ValueError, match="not a UUIDv7"):
        uuid7_time(derived("a"))


def test_a_derived_id_never_changes():
    assert derived("journey", "welcome", 1) == UUID("a1516126-0f19-57e9-a78b-03ab16633d92")
    assert derived("journey", "welcome", 1) == derived("journey", "welcome", "1")


parts = st.lists(st.one_of(st.text(max_size=4), st.uuids(), st.integers()).map(str), max_size=4)


@given(parts, parts)
def test_derived_ids_are_the_same_for_the_same_parts_only(one, other):
    assert (derived(*one) == derived(*other)) == (one == other)
