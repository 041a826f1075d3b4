from canvass_rules import BehaviourRule, Facts, FieldRule, Group, TagRule, holds, matches, mentions
from hypothesis import given

from .strategies import FACTS, NOON, RULES, WITHIN


def test_a_rule_listens_to_what_stands_in_it_however_deep():
    pricing = BehaviourRule("page_viewed", Group("all", (FieldRule("path", "=", "/pricing"),)))
    country = FieldRule("country", "=", "CA")
    said = mentions(Group("all", (country, Group("none", (pricing, TagRule("vip"))))))
    assert (said.fields, said.tags, said.behaviours) == ({"country"}, {"vip"}, {"page_viewed"})
    assert (said.asked, said.heard) == ((country,), (pricing,))


@given(WITHIN)
def test_only_windows_listen_to_time(within):
    assert mentions(Group("all", (BehaviourRule("page_viewed", None, 1, within),))).time is bool(within)


@given(RULES, FACTS, FACTS)
def test_what_a_rule_does_not_mention_never_changes_its_verdict(rule, facts, others):
    said = mentions(rule)
    unmentioned = {name: value for name, value in others.fields.items() if name not in said.fields}
    unheard = [done for done in others.behaviours if not any(heard(rule, done) for rule in said.heard)]
    tags = {*facts.tags, *(set(others.tags) - said.tags)}
    more = Facts({**facts.fields, **unmentioned}, [*facts.behaviours, *unheard], tags)
    assert holds(rule, more, NOON) is holds(rule, facts, NOON)


def heard(rule, done):
    return rule.behaviour == done.behaviour and matches(rule.where, done.values)
