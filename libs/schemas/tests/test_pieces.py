import json

import pytest
from canvass_schemas.pieces import members, pieces
from hypothesis import given
from hypothesis import strategies as st

values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(values, max_size=6), st.sampled_from([None, 2]))
def test_the_pieces_of_an_array_are_its_elements(elements, indent):
    body = json.dumps(elements, indent=indent).encode()
    assert [json.dumps(json.loads(piece)) for piece in pieces(body)] == [json.dumps(one) for one in elements]


@given(st.dictionaries(st.text(), values, max_size=6))
def test_the_members_of_an_object_are_its_names_and_values(told):
    body = json.dumps(told).encode()
    read = {json.loads(name): json.dumps(json.loads(value)) for name, value in members(body)}
    assert read == {name: json.dumps(value) for name, value in told.items()}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param(b'[{"a":1},{"b":', [b'{"a":1}', b'{"b":'], id="cut off"),
        pytest.param(b'[1,"x, y",[2,3]]', [b"1", b'"x, y"', b"[2,3]"], id="commas inside"),
        pytest.param(b"[1] 2", [b"1", b"2"], id="something behind"),
        pytest.param(b"[ ,, 1 ]", [b"1"], id="nothing between"),
        pytest.param(b"7", [b"7"], id="no array"),
        pytest.param(b'["' + b"\\" * 7, [b'"' + b"\\" * 7], id="a string without end"),
    ],
)
def test_what_is_broken_comes_apart_where_it_can(body, found):
    assert list(pieces(body)) == found


def test_a_body_of_brackets_alone_takes_no_time_and_no_stack():
    assert len(list(pieces(b"[" * 500_000))) == 1
    assert list(members(b"{" * 500_000)) == []


def test_what_is_no_object_has_no_members():
    assert list(members(b'["a"]')) == []
    assert list(members(b'{"a"}')) == []
