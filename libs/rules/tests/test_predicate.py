import pytest
from canvass_rules import BehaviourRule, Facts, FieldRule, Group, Happened, holds, matches
from hypothesis import given
from hypothesis import strategies as st

from .strategies import FACTS, LEAVES, RULES

PRICING = Group("all", (FieldRule("path", "=", "/pricing"),))
PATHS = ["/", "/pricing", "/pricing"]
VIEWS = [Happened("page_viewed", {"path": path, "properties.plan": "pro"}) for path in PATHS]


@pytest.mark.parametrize(
    ("known", "asked", "verdict"),
    [
        ({"country": "CA"}, "CA", True),
        ({"country": "CA"}, "ca", False),
        ({"country": "CA"}, "US", False),
        ({"country": None}, "CA", False),
        ({}, "CA", False),
        ({"country": 1}, 1.0, True),
        ({"country": 1}, True, False),
        ({"country": True}, 1, False),
        ({"country": True}, True, True),
        ({"country": "1"}, 1, False),
        ({"country": ""}, "", True),
        ({"country": ["CA"]}, "CA", False),
    ],
)
def test_what_equals_what(known, asked, verdict):
    rule = FieldRule("country", "=", asked)
    assert holds(rule, Facts(known)) is verdict
    assert holds(Group("none", (rule,)), Facts(known)) is not verdict


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        (BehaviourRule("page_viewed"), True),
        (BehaviourRule("page_viewed", None, 3), True),
        (BehaviourRule("page_viewed", None, 4), False),
        (BehaviourRule("page_viewed", PRICING, 2), True),
        (BehaviourRule("page_viewed", PRICING, 3), False),
        (BehaviourRule("page_viewed", Group("none", PRICING.rules), 1), True),
        (BehaviourRule("page_viewed", Group("all", (FieldRule("properties.plan", "=", "free"),))), False),
        (BehaviourRule("event_tracked"), False),
    ],
)
def test_how_often_a_behaviour_happened(rule, verdict):
    assert holds(rule, Facts(behaviours=VIEWS)) is verdict


def test_one_behaviour_is_judged_by_its_own_values():
    assert matches(None, {})
    assert matches(PRICING, {"path": "/pricing"})
    assert not matches(PRICING, {"path": "/"})


@given(st.lists(LEAVES, min_size=1, max_size=4), FACTS)
def test_none_is_not_any(rules, facts):
    assert holds(Group("none", tuple(rules)), facts) is not holds(Group("any", tuple(rules)), facts)


@given(st.lists(LEAVES, min_size=1, max_size=4), FACTS)
def test_all_hold_when_none_of_them_fails(rules, facts):
    failing = tuple(Group("none", (rule,)) for rule in rules)
    assert holds(Group("all", tuple(rules)), facts) is holds(Group("none", failing), facts)
    assert holds(Group("any", tuple(rules)), facts) is not holds(Group("all", failing), facts)


@given(RULES, FACTS, st.randoms(use_true_random=False))
def test_the_order_of_rules_means_nothing(group, facts, random):
    shuffled = random.sample(group.rules, len(group.rules))
    assert holds(Group(group.match, tuple(shuffled)), facts) is holds(group, facts)


@given(RULES, FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_happened_means_nothing(group, facts, random):
    shuffled = random.sample(facts.behaviours, len(facts.behaviours))
    assert holds(group, Facts(facts.fields, shuffled)) is holds(group, facts)
