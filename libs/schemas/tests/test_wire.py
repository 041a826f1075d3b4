"""Facts to bytes and back."""

import json
import math
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from canvass_schemas import wire
from canvass_schemas.ids import uuid7
from canvass_schemas.points import ScoreChanged, ScoreChangedData
from canvass_schemas.tracking import EventTracked, EventTrackedData, PageViewed, PageViewedData
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTACT = uuid7()


def viewed(path="/"):
    data = PageViewedData(message_id="m", contact_known=True, path=path)
    return PageViewed.of(data, subject=CONTACT, time=NOON)


def tracked(**properties):
    data = EventTrackedData(message_id="m", contact_known=True, name="Paid", properties=properties)
    return EventTracked.of(data, subject=CONTACT, time=NOON)


def raw(fact):
    return wire.dump([fact])[1:-1]


def test_what_is_dumped_is_parsed_as_it_was():
    facts = [viewed(f"/{number}") for number in range(wire.MAX_EVENTS)]
    assert wire.parse(PageViewed, wire.dump(facts)) == facts


def test_nothing_is_an_empty_array():
    assert wire.dump([]) == b"[]"
    assert wire.parse(PageViewed, b"[]") == []
    assert wire.parse_each(PageViewed, b" [ ] ") == ([], [])


def test_what_is_none_is_left_out_save_in_what_the_sender_gave():
    event = json.loads(raw(tracked(coupon=None, nested={"deep": [None]})))
    assert event["data"]["properties"] == {"coupon": None, "nested": {"deep": [None]}}
    assert not {"correlationid", "causationid", "traceparent"} & event.keys()


def test_a_time_keeps_its_zone_and_microseconds():
    time = datetime(2026, 5, 4, 14, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    fact = PageViewed.of(viewed().data, subject=CONTACT, time=time)
    assert b'"2026-05-04T14:00:00.123456+02:00"' in raw(fact)
    assert wire.parse(PageViewed, wire.dump([fact]))[0].time == time


def test_numbers_that_json_has_not_are_written_as_null():
    fact = tracked(ratio=math.nan, most=math.inf, list=[-math.inf])
    nulls = {"ratio": None, "most": None, "list": [None]}
    dumped = [wire.dump([fact]), *(body for _, body in wire.bodies([fact]))]
    assert [json.loads(body)[0]["data"]["properties"] for body in dumped] == [nulls, nulls]


def test_text_that_is_no_unicode_is_never_written():
    with pytest.raises(ValueError, match="surrogates"):
        wire.dump([viewed("\ud800")])


def test_unknown_fields_are_ignored_wherever_they_stand():
    event = json.loads(raw(fact := viewed()))
    event |= {"partitionkey": "7", "data": event["data"] | {"viewport": {"width": 800}}}
    assert wire.parse(PageViewed, json.dumps([event]).encode()) == [fact]


@pytest.mark.parametrize("field", ["specversion", "id", "source", "type", "subject", "time", "data"])
def test_an_event_that_lacks_what_it_needs_is_refused(field):
    event = json.loads(raw(viewed()))
    del event[field]
    with pytest.raises(ValidationError, match=field):
        wire.parse(PageViewed, json.dumps([event]).encode())


def test_a_fact_of_another_type_is_refused():
    with pytest.raises(ValidationError, match=r"tracking\.page_viewed\.v1"):
        wire.parse(PageViewed, raw(viewed()).join([b"[", b"]"]).replace(b"viewed.v1", b"viewed.v2"))


def test_one_message_holds_facts_of_one_class():
    score = ScoreChanged.of(ScoreChangedData(score=1, previous=0, revision=1), subject=CONTACT, time=NOON)
    for pack in (wire.dump, lambda facts: list(wire.split(facts)), lambda facts: list(wire.bodies(facts))):
        with pytest.raises(TypeError, match="one class"):
            pack([viewed(), score])


def test_a_routing_key_is_the_type_and_the_lane():
    assert wire.routing_key(PageViewed, "live") == "tracking.page_viewed.v1.live"


DEEP = b"[" * 1000 + b"]" * 1000


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b'{"specversion":"1.0"}', id="no fact"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"id": }', id="no JSON"),
        pytest.param(b'"]}, \\" {["', id="text that looks like structure"),
        pytest.param(raw(viewed()).replace(b'"/"', b'"\xff"'), id="no UTF-8"),
        pytest.param(raw(viewed()).replace(b'"/"', b'"\\ud800"'), id="a lone surrogate"),
        pytest.param(raw(tracked(x=1)).replace(b'"x":1', b'"x":' + DEEP), id="depth 1,000"),
        pytest.param(raw(viewed()).replace(b"page_viewed.v1", b"page_viewed.v2"), id="another version"),
    ],
)
def test_one_bad_event_in_500_spoils_no_other(bad):
    facts = [viewed(f'/{number}?q="],[{{\\') for number in range(wire.MAX_EVENTS - 1)]
    events = [raw(fact) for fact in facts]
    body = b"[ " + b" ,\n".join([*events[:250], bad, *events[250:]]) + b" ]"
    with pytest.raises(ValueError, match=r"."):
        wire.parse(PageViewed, body)
    good, refused = wire.parse_each(PageViewed, body)
    assert good == facts
    assert [one.raw for one in refused] == [bad]
    assert refused[0].error


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        pytest.param(b"", [b""], id="nothing"),
        pytest.param(b'{"id":1}', [b'{"id":1}'], id="an object"),
        pytest.param(b'"text"', [b'"text"'], id="text"),
        pytest.param(b'[{"id":1},{"id', [b'{"id":1}', b'{"id'], id="cut off within a string"),
        pytest.param(b"[1] 2", [b"1", b"2"], id="more after the end"),
        pytest.param(b"[1][2]", [b"1", b"2"], id="two arrays"),
        pytest.param(b"]]", [b"]]"], id="ends only"),
    ],
)
def test_nothing_of_a_broken_body_goes_unmentioned(body, refused):
    assert wire.parse_each(PageViewed, body)[0] == []
    assert [one.raw for one in wire.parse_each(PageViewed, body)[1]] == refused


def test_what_is_wrong_is_said_field_by_field_without_the_values():
    event = raw(viewed("/secret")).replace(b'"/secret"', b"[5551234]").replace(b'"hops":0', b'"hops":-9')
    error = wire.parse_each(PageViewed, b"[" + event + b"]")[1][0].error
    assert (
        error == "hops: Input should be greater than or equal to 0; data.path: Input should be a valid string"
    )


@given(
    st.binary(max_size=200) | st.lists(st.sampled_from([*'[]{},"\\ 1a'])).map(lambda c: "".join(c).encode())
)
def test_whatever_comes_is_refused_or_read_and_never_raises(body):
    good, refused = wire.parse_each(PageViewed, b"[" + body)
    assert good == []
    assert all(one.raw in b"[" + body and one.error for one in refused)


a_run = st.tuples(st.integers(0, 150_000), st.integers(1, 700))


@settings(max_examples=30, deadline=None)
@given(st.lists(a_run, max_size=4), st.integers(0, 40))
def test_split_keeps_all_in_order_within_both_limits(runs, large):
    small = [viewed("x" * (size % 2_000)) for size, _ in runs]
    facts = [fact for fact, (_, times) in zip(small, runs, strict=True) for _ in range(times)]
    facts += [viewed("y" * size) for size, _ in runs for _ in range(large // 10)]
    lists, packed = list(wire.split(facts)), list(wire.bodies(facts))
    assert [fact for part in lists for fact in part] == facts
    assert [(len(part), wire.dump(part)) for part in lists] == packed
    assert all(1 <= count <= wire.MAX_EVENTS and len(body) <= wire.MAX_BYTES for count, body in packed)
    # As few as can be without changing the order: no part would have had room for the next one's first.
    for part, then in pairwise(lists):
        assert len(part) == wire.MAX_EVENTS or len(wire.dump([*part, then[0]])) > wire.MAX_BYTES


def test_a_fact_may_fill_a_message_but_not_overflow_it():
    room = wire.MAX_BYTES - len(wire.dump([viewed("")]))
    (full,) = wire.bodies([viewed("x" * room)])
    assert (full[0], len(full[1])) == (1, wire.MAX_BYTES)
    with pytest.raises(wire.TooLarge, match=r"tracking\.page_viewed\.v1"):
        list(wire.split([viewed("x" * (room + 1))]))


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
told = st.recursive(scalars, lambda v: st.lists(v) | st.dictionaries(st.text(max_size=8), v), max_leaves=8)


@given(st.dictionaries(st.text(max_size=8), told), st.none() | st.just("00-trace"))
def test_what_is_written_without_being_made_is_the_same_fact(properties, traceparent):
    about = {"contact_known": True, "contact_revision": 3, "message_id": "m"}
    data = about | {"name": "Paid", "properties": properties}
    written = wire.write(EventTracked, data, subject=CONTACT, time=NOON, traceparent=traceparent)
    (read,) = wire.parse(EventTracked, b"[%b]" % written)
    assert read.id.version == 7
    made = EventTracked.of(
        EventTrackedData(**data), subject=CONTACT, time=NOON, id=read.id, traceparent=traceparent
    )
    assert json.loads(raw(made)) == json.loads(written)


def test_dumped_facts_are_packed_as_facts_are():
    facts = [viewed("x" * 1000) for _ in range(700)]
    assert list(wire.pack(map(raw, facts))) == list(wire.bodies(facts))
    with pytest.raises(wire.TooLarge):
        list(wire.pack([b"x" * wire.MAX_BYTES]))
