"""What is read of a body, quickly and slowly: both must find the same."""

import contextlib
import json

import pytest
from canvass_tracking.ingest.limits import MAX_EVENT_BYTES, MAX_EVENTS, Refused
from canvass_tracking.ingest.parse import Unread, read_batch
from canvass_tracking.ingest.salvage import salvage
from hypothesis import given
from hypothesis import strategies as st


def event(n=0, **more):
    return {"type": "track", "event": "Bought", "anonymousId": "a", "messageId": f"m-{n}", **more}


def body(*events, **more):
    return json.dumps({"batch": list(events), **more}).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.lists(st.fixed_dictionaries({"messageId": json_values, "properties": json_values}), max_size=5),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_the_slow_way_reads_what_the_quick_one_does(events, indent, ascii_only):
    posted = {"sentAt": "2026-12-01", "batch": events, "writeKey": "wk", "context": {"page": {"path": "/"}}}
    raw = json.dumps(posted, indent=indent, ensure_ascii=ascii_only).encode()
    quick, slow = read_batch(raw), salvage(raw)
    assert quick.events == slow.events
    assert slow.unreadable == []
    assert {**quick.whole, "batch": None} == {**slow.whole, "batch": None}


@given(st.binary(max_size=300) | st.text(alphabet='{}[]",:\\batch "', max_size=60).map(str.encode))
def test_whatever_comes_is_read_or_refused(raw):
    for read in (read_batch, salvage):
        with contextlib.suppress(Refused, Unread):
            read(raw)


PADDING = st.integers(0, 2 * MAX_EVENT_BYTES)


@given(st.lists(PADDING, min_size=2, max_size=6), st.sampled_from(["m-{}", "é{}", "a/{}", '"{}', "m", ""]))
def test_no_event_that_is_too_large_is_ever_read_quickly(paddings, ids):
    events = [event(properties={"x": "y" * size}, messageId=ids.format(n)) for n, size in enumerate(paddings)]
    raw = body(*events)
    too_large = [n for n, one in enumerate(events) if len(json.dumps(one)) > MAX_EVENT_BYTES]
    try:
        read_batch(raw)
    except Unread:
        found = [rejection.index for rejection in salvage(raw).unreadable]
        assert found == too_large
    else:
        assert not too_large


def test_ids_that_hide_in_others_do_not_hide_a_large_event():
    large = event(1, properties={"m-2": "m-0", "x": "y" * 40_000})
    smuggled = json.dumps({"batch": [event(0), large, event(2)]}).replace('"m-1"', '"\\u006d-1"')
    for raw in (body(event(0), large, event(2)), smuggled.encode()):
        with pytest.raises(Unread):
            read_batch(raw)


def test_ordinary_batches_of_any_length_are_read_quickly():
    events = [event(n, properties={"path": "/pricing", "title": "Prix, é"}) for n in range(2000)]
    raw = body(*events)
    assert len(raw) > 4 * MAX_EVENT_BYTES
    assert len(read_batch(raw).events) == 2000


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'{"batch": 1}', id="no list"),
        pytest.param(b'{"batch": "[1]"}', id="text"),
        pytest.param(b"batch=1&x=2", id="a form"),
        pytest.param(b"{" * 100_000, id="brackets"),
    ],
)
def test_a_body_without_a_batch_is_refused(raw):
    with pytest.raises(Unread):
        read_batch(raw)
    with pytest.raises(Refused) as refused:
        salvage(raw)
    assert (refused.value.status, refused.value.code) == (400, "invalid_json")


def test_a_batch_that_is_missing_is_refused():
    with pytest.raises(Refused, match="batch"):
        read_batch(b'{"writeKey": "wk"}')


@pytest.mark.parametrize("read", [read_batch, salvage])
def test_a_batch_may_be_so_long_and_no_longer(read):
    assert len(read(body(*[{}] * MAX_EVENTS)).events) == MAX_EVENTS
    with pytest.raises(Refused) as refused:
        read(body(*[{}] * (MAX_EVENTS + 1)))
    assert refused.value.code == "too_many_events"


GOOD = json.dumps(event())


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        pytest.param('{"type": truck}', "invalid_json", id="malformed"),
        pytest.param('{"properties": {"x": "\\ud800"}}', "invalid_json", id="a lone surrogate"),
        pytest.param('{"properties": ' + "[" * 1000 + "]" * 1000 + "}", "invalid_json", id="depth 1,000"),
        pytest.param('{"x": ' + "9" * 5000 + "}", "invalid_json", id="a number of 5,000 digits"),
        pytest.param('{"x": "' + "y" * 33 * 1024 + '"}', "event_too_large", id="33 KB"),
        pytest.param('"text"', "invalid_event", id="text"),
        pytest.param("[1, 2]", "invalid_event", id="a list"),
        pytest.param("null", "invalid_event", id="null"),
        pytest.param('{"context": 7}', "invalid_event", id="a context that is none"),
    ],
)
def test_what_cannot_be_read_spoils_nothing_else(bad, code):
    raw = f'{{"batch": [{GOOD}, {bad}, {GOOD}], "writeKey": "wk"}}'.encode()
    with pytest.raises(Unread):
        read_batch(raw)
    read = salvage(raw)
    assert [index for index, _ in read.events] == [0, 2]
    assert [(one.index, one.code) for one in read.unreadable] == [(1, code)]
    assert read.whole.get("writeKey") == "wk"


def test_what_stands_before_the_place_where_a_body_breaks_off_is_read():
    read = salvage(f'{{"batch": [{GOOD}, {GOOD}, {{"type": "track", "eve'.encode())
    assert [index for index, _ in read.events] == [0, 1]
    assert [(one.index, one.code) for one in read.unreadable] == [(2, "invalid_json")]
