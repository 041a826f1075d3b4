from canvass_rules import BehaviourRule, Facts, FieldRule, Group, holds, matches, mentions
from hypothesis import given

from .strategies import FACTS, RULES


def test_a_rule_listens_to_what_stands_in_it_however_deep():
    pricing = BehaviourRule("page_viewed", Group("all", (FieldRule("path", "=", "/pricing"),)))
    said = mentions(Group("all", (FieldRule("country", "=", "CA"), Group("none", (pricing,)))))
    assert (said.fields, said.behaviours, said.heard) == ({"country"}, {"page_viewed"}, (pricing,))


@given(RULES, FACTS, FACTS)
def test_what_a_rule_does_not_mention_never_changes_its_verdict(rule, facts, others):
    said = mentions(rule)
    unmentioned = {name: value for name, value in others.fields.items() if name not in said.fields}
    unheard = [done for done in others.behaviours if not any(heard(rule, done) for rule in said.heard)]
    more = Facts({**facts.fields, **unmentioned}, [*facts.behaviours, *unheard])
    assert holds(rule, more) is holds(rule, facts)


def heard(rule, done):
    return rule.behaviour == done.behaviour and matches(rule.where, done.values)
