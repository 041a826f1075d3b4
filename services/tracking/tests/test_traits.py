"""How much of what is told of a contact is kept."""

from canvass_schemas.wire import MAX_BYTES
from canvass_tracking.domain.traits import MAX_ATTRIBUTES_BYTES, filled, joined
from pydantic_core import to_json

LONG = "ü\n" * 10_000


def full():
    """As much as there is room for, told one by one."""
    attributes = {}
    for n in range(20):
        attributes = filled(attributes, {f"long{n}": LONG}, trusted=False)
    return attributes


def test_a_contact_never_outgrows_a_wire_message():
    assert 0 < len(full()) < 20
    assert len(to_json(full())) <= MAX_ATTRIBUTES_BYTES < MAX_BYTES / 1.5


def test_what_is_short_finds_room_beside_what_is_too_long():
    assert filled(full(), {"more": LONG, "plan": "pro"}, trusted=False) == full() | {"plan": "pro"}


def test_who_is_full_may_still_be_corrected_and_emptied():
    corrected = filled(full(), {"long0": "short", "long1": None}, trusted=True)
    assert corrected["long0"] == "short"
    assert "long1" not in corrected


def test_two_that_are_full_become_one_that_is():
    others = {f"other_{name}": value for name, value in full().items()}
    assert joined(full(), others) == full()
