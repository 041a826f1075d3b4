"""The reverse index: it misses no segment whose verdict may have changed."""

from dataclasses import replace

from canvass_rules import Facts, Happened, holds, parse
from canvass_schemas.tracking import PageViewed
from canvass_segments.consumers import _event, _page
from canvass_segments.domain.listening import Listening
from canvass_segments.domain.model import Definition, fields
from hypothesis import given
from hypothesis import strategies as st

from services.segments.tests.conftest import ANN, CANADA, NOON, PRICES_TWICE, document, tracked, viewed
from services.segments.tests.strategies import ATTRIBUTES, BEHAVIOURS, RULES, TEXTS

PEOPLE = st.builds(fields, TEXTS, TEXTS, ATTRIBUTES)


def listening(*groups):
    return Listening(Definition(str(place), 1, group) for place, group in enumerate(groups))


def told(event):
    return _page(event) if isinstance(event, PageViewed) else _event(event)


def happened(done):
    return [Happened(one.kind, one.values(), one.at) for one in done]


@given(RULES, PEOPLE, PEOPLE, st.lists(BEHAVIOURS, max_size=3))
def test_a_change_that_turns_a_verdict_is_heard(rules, before, after, events):
    done = happened(map(told, events))
    if holds(rules, Facts(before, done), NOON) != holds(rules, Facts(after, done), NOON):
        assert listening(rules).to_change(before, after) == {"0"}


@given(RULES, PEOPLE, BEHAVIOURS, st.lists(BEHAVIOURS, max_size=3))
def test_a_behaviour_that_turns_a_verdict_is_heard(rules, person, event, events):
    done, one = [told(event) for event in events], told(event)
    before, after = happened(done), happened([*done, one])
    if holds(rules, Facts(person, before), NOON) != holds(rules, Facts(person, after), NOON):
        assert listening(rules).to_behaviour(one) == {"0"}
        assert listening(rules).to_named(one.kind, one.name) == {"0"}


@given(RULES)
def test_segments_that_hold_for_strangers_are_known(rules):
    assert listening(rules).at_first_sight == ({"0"} if holds(rules, Facts({"score": 0}), NOON) else set())


def test_what_concerns_others_is_not_heard():
    hot = listening(parse(document(CANADA, PRICES_TWICE)["rules"]))
    assert hot.to_behaviour(told(viewed(ANN, "/blog"))) == set()
    assert hot.to_behaviour(told(tracked(ANN, "/pricing"))) == set()
    assert hot.to_change({"country": "US", "plan": 1}, {"country": "FR", "plan": 2}) == set()
    assert hot.to_change({"country": "CA"}, {"country": "CA", "plan": 2}) == set()


def test_what_a_where_excludes_is_not_heard():
    paid = {"behaviour": "page_viewed", "where": {"path": "/pricing", "properties.plan": "pro"}}
    pro = listening(parse(document(paid)["rules"]))
    page = told(viewed(ANN))
    assert pro.to_behaviour(page) == set()
    assert pro.to_behaviour(replace(page, properties={"plan": "pro"})) == {"0"}
