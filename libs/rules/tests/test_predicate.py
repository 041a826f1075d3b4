from datetime import timedelta

import pytest
from canvass_rules import BehaviourRule, Facts, FieldRule, Group, Happened, TagRule, holds, matches, times
from hypothesis import given
from hypothesis import strategies as st

from .strategies import FACTS, HAPPENED, KINDS, LEAVES, NOON, RULES, VALUES, behaviour_rules

PRICING = Group("all", (FieldRule("path", "=", "/pricing"),))
PATHS = ["/", "/pricing", "/pricing"]
VIEWS = [Happened("page_viewed", {"path": path, "properties.plan": "pro"}, NOON) for path in PATHS]
WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)


def asked(operator, value=None, **known):
    return holds(FieldRule("it", operator, value), Facts(known), NOON)


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
    rule, unlike = FieldRule("country", "=", asked), FieldRule("country", "!=", asked)
    assert holds(rule, Facts(known), NOON) is verdict
    assert holds(unlike, Facts(known), NOON) is not verdict
    assert holds(Group("none", (rule,)), Facts(known), NOON) is not verdict


@pytest.mark.parametrize(
    ("known", "operator", "value", "verdict"),
    [
        (51, ">", 50, True),
        (50, ">", 50, False),
        (50, ">=", 50.0, True),
        (-1, "<", 0, True),
        ("2026-11-30T23:59:59Z", "<", "2026-12-01", True),
        ("a", "<=", "a", True),
        ("Z", "<", "a", True),
        ("9", ">", 5, False),
        (9, ">", "5", False),
        (True, ">", 0, False),
        (None, "<", 5, False),
        (["a"], "<", "b", False),
        ("ann@example.com", "contains", "@example.", True),
        ("ann@example.com", "starts_with", "ann", True),
        ("ann@example.com", "ends_with", ".com", True),
        ("Ann", "starts_with", "ann", False),
        (5, "contains", "5", False),
        (None, "contains", "", False),
        ("", "contains", "", True),
        ("/pricing/eu", "matches", "/pricing*", True),
        ("/pricing", "matches", "/pricing*", True),
        ("/price", "matches", "/pricing*", False),
        ("/a/b/c", "matches", "/*/c", True),
        ("/a/b/c", "matches", "*b", False),
        ("aba", "matches", "ab*ba", False),
        ("100%_\\", "matches", "100%_\\", True),
        ("1000_\\", "matches", "100%_\\", False),
        ("CA", "in", ("US", "CA"), True),
        (1, "in", (True, "1"), False),
        (None, "in", ("CA",), False),
        ("FR", "not_in", ("US", "CA"), True),
        (None, "not_in", ("CA",), True),
        ("", "is_set", None, True),
        (False, "is_set", None, True),
        (None, "is_set", None, False),
        (None, "is_not_set", None, True),
        ([], "is_not_set", None, False),
    ],
)
def test_what_compares_how(known, operator, value, verdict):
    assert asked(operator, value, it=known) is verdict
    if known is None:
        assert asked(operator, value) is verdict


@given(st.lists(VALUES, min_size=1).map(tuple), VALUES | st.none())
def test_in_is_any_of_equals(choices, known):
    assert asked("in", choices, it=known) is any(asked("=", choice, it=known) for choice in choices)
    assert asked("not_in", choices, it=known) is not asked("in", choices, it=known)


@given(st.text("ab*"), st.text("ab"))
def test_a_pattern_means_what_a_regular_expression_would(pattern, text):
    import re  # noqa: PLC0415

    meant = ".*".join(map(re.escape, pattern.split("*")))
    assert asked("matches", pattern, it=text) is bool(re.fullmatch(meant, text))


def test_tags_are_had_or_not():
    assert holds(TagRule("vip"), Facts(tags=["new", "vip"]), NOON)
    assert not holds(TagRule("VIP"), Facts(tags=["vip"]), NOON)


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
    assert holds(rule, Facts(behaviours=VIEWS), NOON) is verdict


def test_a_window_ends_at_the_moment_that_it_says():
    rule, facts = BehaviourRule("page_viewed", PRICING, 2, WEEK), Facts(behaviours=VIEWS)
    assert holds(rule, facts, NOON)
    assert holds(rule, facts, NOON + WEEK - MOMENT)
    assert not holds(rule, facts, NOON + WEEK)


def test_one_behaviour_is_judged_by_its_own_values():
    assert matches(None, {})
    assert matches(PRICING, {"path": "/pricing"})
    assert not matches(PRICING, {"path": "/"})


@given(st.lists(LEAVES, min_size=1, max_size=4), FACTS)
def test_none_is_not_any(rules, facts):
    none, any_ = Group("none", tuple(rules)), Group("any", tuple(rules))
    assert holds(none, facts, NOON) is not holds(any_, facts, NOON)


@given(st.lists(LEAVES, min_size=1, max_size=4), FACTS)
def test_all_hold_when_none_of_them_fails(rules, facts):
    failing = tuple(Group("none", (rule,)) for rule in rules)
    assert holds(Group("all", tuple(rules)), facts, NOON) is holds(Group("none", failing), facts, NOON)
    assert holds(Group("any", tuple(rules)), facts, NOON) is not holds(Group("all", failing), facts, NOON)


@given(RULES, FACTS, st.randoms(use_true_random=False))
def test_the_order_of_rules_means_nothing(group, facts, random):
    shuffled = random.sample(group.rules, len(group.rules))
    assert holds(Group(group.match, tuple(shuffled)), facts, NOON) is holds(group, facts, NOON)


@given(RULES, FACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_things_happened_means_nothing(group, facts, random):
    shuffled = random.sample(facts.behaviours, len(facts.behaviours))
    assert holds(group, Facts(facts.fields, shuffled, facts.tags), NOON) is holds(group, facts, NOON)


@given(KINDS.flatmap(behaviour_rules), st.lists(HAPPENED, max_size=5), st.timedeltas(timedelta(), WEEK))
def test_as_time_goes_by_a_window_loses_and_gains_nothing(rule, done, later):
    facts = Facts(behaviours=done)
    assert times(rule, facts, NOON + later) <= times(rule, facts, NOON)
    if rule.within is None:
        assert times(rule, facts, NOON + later) == times(rule, facts, NOON)


@given(KINDS.flatmap(behaviour_rules), st.lists(HAPPENED, max_size=5))
def test_a_window_counts_what_the_rule_without_it_counts_of_the_recent(rule, done):
    recent = [one for one in done if rule.within is None or one.at > NOON - rule.within]
    ever = BehaviourRule(rule.behaviour, rule.where, rule.at_least)
    assert times(rule, Facts(behaviours=done), NOON) == times(ever, Facts(behaviours=recent), NOON)
