"""What becomes of one event."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from canvass_tracking.domain.arrivals import UNDATED, Arrival, Happening, PageView, day_of
from canvass_tracking.domain.trust import signature
from canvass_tracking.ingest.judge import Request, judge
from canvass_tracking.ingest.limits import MAX_DEPTH, MAX_KEYS, Rejected
from canvass_tracking.ingest.parse import read_one
from canvass_tracking.ingest.whom import Trust
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import to_json

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
REQUEST = Request(source_id=1, trust=Trust(False), received=NOON, sent=None, context={}, nul=False)


def judged(kind="track", request=REQUEST, **posted) -> Arrival:
    return judge({"event": "Bought", "anonymousId": "a", "messageId": "m", **posted}, request, kind)


def nested(depth, leaf=1):
    return leaf if depth == 0 else {"x": nested(depth - 1, leaf)} if depth % 2 else [nested(depth - 1, leaf)]


def test_a_track_is_a_happening():
    assert judged(properties={"total": 12.5}).what == Happening("Bought", {"total": 12.5})


def test_what_an_sdk_says_of_a_page_has_its_own_place():
    properties = {"path": "/p", "url": "https://x/p?a", "title": "P", "referrer": "https://y", "plan": "pro"}
    viewed = PageView("/p", "https://x/p?a", "P", "https://y", {"plan": "pro"})
    assert judged("page", properties=properties).what == viewed


@pytest.mark.parametrize(
    ("posted", "path"),
    [
        pytest.param(
            {"properties": {"url": "https://example.com/pricing?a=b#c"}}, "/pricing", id="of the url"
        ),
        pytest.param({"properties": {"url": "https://example.com"}}, "/", id="of a bare host"),
        pytest.param({"context": {"page": {"path": "/from-context"}}}, "/from-context", id="of the context"),
        pytest.param({"properties": {"path": 7}}, "", id="none that is a text"),
        pytest.param({}, "", id="none"),
    ],
)
def test_the_path_of_a_page(posted, path):
    assert judged("page", **posted).what.path == path


def test_the_context_of_a_batch_is_that_of_its_events():
    request = REQUEST._replace(context={"page": {"path": "/of-the-batch"}})
    assert judged("page", request).what.path == "/of-the-batch"
    own = {"page": {"path": "/own"}}
    assert judged("page", request, context=own).what.path == "/own"


def test_a_pages_name_is_among_its_properties():
    assert judged("page", name="Home").what.properties == {"name": "Home"}
    assert judged("page", name="Home", properties={"name": "Own"}).what.properties == {"name": "Own"}


def test_an_email_address_is_enough_to_tell_who_somebody_is():
    nobody = {"anonymousId": None, "traits": {"email": "ann@example.com"}}
    assert judged("identify", **nobody).who.traits == nobody["traits"]
    with pytest.raises(Rejected, match="anonymousId"):
        judged("identify", **nobody | {"traits": {"email": "none"}})


def test_traits_belong_to_an_identify_alone():
    assert judged("identify", traits={"plan": "pro"}).who.traits == {"plan": "pro"}
    assert judged("track", traits={"plan": "pro"}).who.traits == {}


def test_a_signed_user_id_is_no_word_about_another_one():
    request = REQUEST._replace(trust=Trust(trusted=False, secret="s"))
    signed = {"userId": "ada", "context": {"userHash": signature("s", "ada")}}
    assert judged("identify", request, **signed).who.trusted
    assert not judged("alias", request, previousId="bob", **signed).who.trusted


def test_an_event_without_a_message_id_is_given_one():
    one, other = judged(messageId=None), judged(messageId="")
    assert one.message_id
    assert other.message_id
    assert one.message_id != other.message_id


@pytest.mark.parametrize(
    ("user_id", "read"), [(42, "42"), (0, "0"), ("u", "u"), (None, None), ("", None), (" ", None)]
)
def test_a_user_id_may_be_a_number_and_null_or_blank_is_none(user_id, read):
    assert judged(userId=user_id).who.user_id == read


@pytest.mark.parametrize(
    ("kind", "posted", "code"),
    [
        pytest.param("scream", {}, "unsupported_type", id="a type that we have not"),
        pytest.param(None, {}, "unsupported_type", id="no type"),
        pytest.param(["track"], {}, "unsupported_type", id="a type that is none"),
        pytest.param("track", {"event": None}, "invalid_event", id="no name"),
        pytest.param("track", {"event": "x" * 256}, "invalid_event", id="a long name"),
        pytest.param("track", {"event": {"a": 1}}, "invalid_event", id="a name that is none"),
        pytest.param("page", {"properties": {"path": "/" * 2001}}, "invalid_event", id="a long path"),
        pytest.param("track", {"properties": [1]}, "invalid_event", id="properties that are none"),
        pytest.param("identify", {"traits": "x"}, "invalid_event", id="traits that are none"),
        pytest.param("track", {"anonymousId": None}, "no_user_anon_id", id="nobody"),
        pytest.param("track", {"anonymousId": {"$ne": 1}}, "invalid_id", id="an id that is none"),
        pytest.param("track", {"anonymousId": True}, "invalid_id", id="an id that is true"),
        pytest.param("track", {"userId": "u" * 256}, "invalid_id", id="a long id"),
        pytest.param("track", {"messageId": "m" * 100}, "invalid_id", id="a long message id"),
        pytest.param("track", {"properties": nested(MAX_DEPTH + 1)}, "too_deep", id="depth 33"),
        pytest.param(
            "track",
            {"properties": dict.fromkeys(map(str, range(MAX_KEYS + 1)))},
            "too_many_keys",
            id="1,001 keys",
        ),
        pytest.param(
            "identify",
            {"traits": {"x": [dict.fromkeys("abcdefghij")] * 101}},
            "too_many_keys",
            id="1,011 keys in all",
        ),
        pytest.param("track", {"properties": {"x": float("nan")}}, "invalid_number", id="NaN"),
        pytest.param("track", {"properties": {"x": [float("-inf")]}}, "invalid_number", id="-Infinity"),
    ],
)
def test_what_is_rejected(kind, posted, code):
    with pytest.raises(Rejected) as rejected:
        judged(kind, **posted)
    assert rejected.value.code == code


@pytest.mark.parametrize(
    "posted",
    [
        pytest.param({"properties": nested(MAX_DEPTH - 1)}, id="almost too deep"),
        pytest.param({"properties": dict.fromkeys(map(str, range(MAX_KEYS)))}, id="almost too many keys"),
        pytest.param({"messageId": "m" * 99}, id="almost too long"),
        pytest.param({"properties": {"x": [1.5, {"y": None}]}}, id="numbers and nothing"),
    ],
)
def test_what_is_just_good_enough(posted):
    judged(**posted)


@pytest.mark.parametrize(
    "posted",
    [
        {"anonymousId": "a\x00"},
        {"messageId": "\x00"},
        {"event": "\x00"},
        {"properties": {"x": ["\x00"]}},
        {"properties": {"\x00": 1}},
        {"properties": {"x": {"\x00": 1}}},
    ],
)
def test_nul_is_found_wherever_it_would_be_kept(posted):
    with pytest.raises(Rejected) as rejected:
        judged(request=REQUEST._replace(nul=True), **posted)
    assert rejected.value.code == "invalid_characters"


def test_what_only_looks_like_nul_is_kept():
    assert judged(request=REQUEST._replace(nul=True), properties={"x": "\\u0000"})


@pytest.mark.parametrize(
    ("timestamp", "day"),
    [
        ("2026-11-30T23:59:59.999Z", date(2026, 11, 30)),
        ("2026-12-01T00:30:00+01:00", date(2026, 11, 30)),
        ("2026-11-30T12:00:00", date(2026, 11, 30)),
        ("2026-11-30", date(2026, 11, 30)),
        ("1969-12-31T00:00:00Z", UNDATED),
        ("9999-12-31T23:59:59-23:59", UNDATED),
        ("yesterday", UNDATED),
        (1764590400, UNDATED),
        (None, UNDATED),
        ({}, UNDATED),
    ],
)
def test_the_day_of_an_event_is_its_own(timestamp, day):
    for name in ("timestamp", "originalTimestamp"):
        for received in (NOON, NOON + timedelta(days=3)):
            request = REQUEST._replace(received=received, sent=received)
            assert judged(request=request, **{name: timestamp}).day == day


def test_a_clock_that_is_wrong_is_set_right():
    wrong = NOON + timedelta(days=400)
    request = REQUEST._replace(sent=wrong)
    stamp = (wrong - timedelta(seconds=90)).isoformat()
    assert judged(request=request, timestamp=stamp).happened_at == NOON - timedelta(seconds=90)
    assert judged(timestamp=stamp, sentAt=wrong.isoformat()).happened_at == NOON - timedelta(seconds=90)


def test_the_days_that_partitions_are_made_for_are_those_of_utc():
    assert day_of(datetime.fromisoformat("2026-12-01T23:00:00-05:00")) == date(2026, 12, 2)


@pytest.mark.parametrize("stamp", ["originalTimestamp", "timestamp", "sentAt"])
@pytest.mark.parametrize("odd", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_utc_has_not_is_no_time(stamp, odd):
    arrival = judged(**{stamp: odd})
    assert arrival.happened_at == NOON
    assert arrival.day == UNDATED


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["messageId", "anonymousId", "userId", "timestamp", "originalTimestamp", "sentAt", "event", "name"]


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys([*FIELDS, "properties", "traits", "context", "type"], anything)
    ),
    st.sampled_from(["track", "page", "identify"]),
)
def test_whatever_is_posted_is_judged_one_way_or_the_other(posted, kind):
    raw = to_json(posted, inf_nan_mode="constants")
    try:
        read = read_one(raw)
        arrival = judge(read, REQUEST._replace(nul=b"\\u0000" in raw), kind)
    except (ValidationError, Rejected):
        return
    assert arrival.happened_at <= NOON
    assert 0 < len(arrival.message_id) <= 99
    for text in texts_in([arrival.message_id, *arrival.who[:3], arrival.what]):
        assert "\x00" not in text


def texts_in(value):
    """Every text and every number inside; numbers that JSON has not are none that may be kept."""
    match value:
        case str():
            yield value
        case float():
            assert math.isfinite(value)
        case dict():
            yield from texts_in([*value.keys(), *value.values()])
        case list() | tuple():
            for inner in value:
                yield from texts_in(inner)
