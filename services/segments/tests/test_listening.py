"""The reverse index: it misses no segment whose verdict may have changed."""

from dataclasses import replace

from canvass_rules import Facts, Happened, holds, parse
from canvass_segments.domain.listening import Listening
from canvass_segments.domain.model import Definition, facts
from hypothesis import given
from hypothesis import strategies as st

from services.segments.tests.conftest import ANN, CANADA, NOON, PRICES_TWICE, document, tracked, viewed
from services.segments.tests.folding import told
from services.segments.tests.strategies import ATTRIBUTES, BEHAVIOURS, RULES, TAGGED, TEXTS

PEOPLE = st.builds(facts, TEXTS, TEXTS, TEXTS, TAGGED, ATTRIBUTES)


def listening(*groups):
    return Listening(Definition(str(place), 1, group) for place, group in enumerate(groups))


def happened(done):
    return [Happened(one.kind, one.values(), one.at) for one in done]


@given(RULES, PEOPLE, PEOPLE, st.lists(BEHAVIOURS, max_size=3))
def test_a_change_that_turns_a_verdict_is_heard(rules, before, after, events):
    done = happened(map(told, events))
    was, is_ = (replace(known, behaviours=done) for known in (before, after))
    if holds(rules, was, NOON) != holds(rules, is_, NOON):
        assert listening(rules).to_change(before, after) == {"0"}


@given(RULES, PEOPLE, BEHAVIOURS, st.lists(BEHAVIOURS, max_size=3))
def test_a_behaviour_that_turns_a_verdict_is_heard(rules, person, event, events):
    done, one = [told(event) for event in events], told(event)
    before, after = (replace(person, behaviours=happened(all_)) for all_ in (done, [*done, one]))
    if holds(rules, before, NOON) != holds(rules, after, NOON):
        assert listening(rules).to_behaviour(one) == {"0"}
        assert listening(rules).to_named(one.kind, one.name) == {"0"}


@given(RULES)
def test_segments_that_hold_for_strangers_are_known(rules):
    assert listening(rules).at_first_sight == ({"0"} if holds(rules, Facts({"score": 0}), NOON) else set())


def test_what_concerns_others_is_not_heard():
    hot = listening(parse(document(CANADA, PRICES_TWICE)["rules"]))
    assert hot.to_behaviour(told(viewed(ANN, "/blog"))) == set()
    assert hot.to_behaviour(told(tracked(ANN, "/pricing"))) == set()
    assert hot.to_change(Facts({"country": "US", "plan": 1}), Facts({"country": "FR", "plan": 2})) == set()
    assert hot.to_change(Facts({"country": "CA"}), Facts({"country": "CA", "plan": 2}, tags=["x"])) == set()


def test_a_number_concerns_those_alone_whose_limit_it_passes():
    limits = [{"field": "score", "operator": ">", "value": limit} for limit in range(0, 100, 10)]
    many = listening(*(parse(document(limit)["rules"]) for limit in limits))
    assert many.to_change(Facts({"score": 41}), Facts({"score": 59})) == {"5"}
    assert many.to_change(Facts({"score": 41}), Facts({"score": 49})) == set()


def test_one_name_of_several_is_looked_up():
    where = {"match": "all", "rules": [{"field": "path", "operator": "in", "value": ["/a", "/b"]}]}
    either = listening(parse(document({"behaviour": "page_viewed", "where": where})["rules"]))
    assert either.to_behaviour(told(viewed(ANN, "/b"))) == {"0"}
    assert either.to_named("page_viewed", "/c") == set()


def test_what_a_where_excludes_is_not_heard():
    paid = {"behaviour": "page_viewed", "where": {"path": "/pricing", "properties.plan": "pro"}}
    pro = listening(parse(document(paid)["rules"]))
    page = told(viewed(ANN))
    assert pro.to_behaviour(page) == set()
    assert pro.to_behaviour(replace(page, properties={"plan": "pro"})) == {"0"}
