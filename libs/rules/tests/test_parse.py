import json
from datetime import timedelta

import pytest
from canvass_rules import (
    BehaviourRule,
    FieldRule,
    Group,
    Malformed,
    TagRule,
    dump,
    dump_where,
    parse,
    parse_where,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from .strategies import ASKED, KINDS, RULES, wheres

CANADA = {"field": "country", "operator": "=", "value": "CA"}


def all_of(rule, times=1):
    return {"match": "all", "rules": [rule] * times}


def nested(depth):
    return CANADA if depth == 0 else {"match": "all", "rules": [nested(depth - 1)]}


def test_a_document_becomes_rules():
    document = {
        "match": "all",
        "rules": [
            CANADA,
            {"behaviour": "page_viewed", "where": {"path": "/pricing"}, "at_least": 2},
            {"match": "none", "rules": [{"behaviour": "event_tracked", "within": "P1W"}]},
            {"field": "email", "operator": "is_set"},
            {"field": "plan", "operator": "in", "value": ["pro", 2]},
            {"tag": "vip"},
        ],
    }
    pricing = Group("all", (FieldRule("path", "=", "/pricing"),))
    assert parse(document) == Group(
        "all",
        (
            FieldRule("country", "=", "CA"),
            BehaviourRule("page_viewed", pricing, at_least=2),
            Group("none", (BehaviourRule("event_tracked", within=timedelta(days=7)),)),
            FieldRule("email", "is_set"),
            FieldRule("plan", "in", ("pro", 2)),
            TagRule("vip"),
        ),
    )


@given(RULES)
def test_what_is_dumped_reads_back_the_same(rules):
    assume(deep(rules) <= 8)
    assert parse(json.loads(json.dumps(dump(rules)))) == rules


@given(KINDS.flatmap(lambda kind: st.tuples(st.just(kind), wheres(kind))))
def test_a_where_stands_by_itself_too(drawn):
    kind, where = drawn
    assume(where is None or deep(where) <= 8)
    assert parse_where(json.loads(json.dumps(dump_where(where))), about=kind) == where


@pytest.mark.parametrize("kind", ASKED)
def test_a_where_that_asks_what_cannot_be_asked_says_so(kind):
    with pytest.raises(Malformed) as refused:
        parse_where({"country": "CA"}, about=kind, at="/where")
    [problem] = refused.value.problems
    assert (problem.path, f"{kind} can be asked about" in problem.message) == ("/where/country", True)


def deep(rule):
    match rule:
        case Group(_, rules):
            return 1 + max(map(deep, rules))
        case BehaviourRule(_, where) if where:
            return deep(where)
        case _:
            return 0


@pytest.mark.parametrize(
    ("document", "path", "says"),
    [
        ("all", "", "must be an object"),
        ([], "", "must be an object"),
        ({"rules": [CANADA]}, "", 'lacks "match"'),
        ({"match": "every", "rules": [CANADA]}, "/match", '"all", "any", "none"'),
        ({"match": [], "rules": [CANADA]}, "/match", "not a list"),
        ({"match": "all", "rules": []}, "/rules", "at least one"),
        ({"match": "all", "rules": CANADA}, "/rules", "must be a list"),
        ({"match": "all", "rules": [CANADA], "not": True}, "", "does not know 'not'"),
        ({"match": "all", "rules": [7]}, "/rules/0", "must be a rule"),
        ({"match": "all", "rules": [CANADA, {}]}, "/rules/1", "must be a rule"),
        (all_of(CANADA | {"operator": "~"}), "/rules/0/operator", 'one of "="'),
        (all_of({"field": "country", "operator": "="}), "/rules/0", 'lacks "value"'),
        (all_of(CANADA | {"operator": "is_set"}), "/rules/0", '"is_set" takes no "value"'),
        (all_of(CANADA | {"operator": ">", "value": True}), "/rules/0/value", "not True"),
        (all_of(CANADA | {"operator": "contains", "value": 5}), "/rules/0/value", "must be a text"),
        (all_of(CANADA | {"operator": "matches", "value": "*" * 11}), "/rules/0/value", "10 times"),
        (all_of(CANADA | {"operator": "in"}), "/rules/0/value", "must be a list"),
        (all_of(CANADA | {"operator": "in", "value": []}), "/rules/0/value", "1 to 500 values"),
        (all_of(CANADA | {"operator": "in", "value": [1] * 501}), "/rules/0/value", "1 to 500 values"),
        (all_of(CANADA | {"operator": "not_in", "value": ["a", None]}), "/rules/0/value/1", "not None"),
        (all_of({"tag": ""}), "/rules/0/tag", "1 to 200 characters"),
        (all_of({"tag": "vip", "value": 1}), "/rules/0", "does not know 'value'"),
        (all_of({"behaviour": "page_viewed", "within": "7 days"}), "/rules/0/within", '"P7D"'),
        (all_of({"behaviour": "page_viewed", "within": "PT0S"}), "/rules/0/within", "duration"),
        (all_of({"behaviour": "page_viewed", "within": "P3661D"}), "/rules/0/within", "3660 days"),
        (all_of({"behaviour": "page_viewed", "within": 7}), "/rules/0/within", "not 7"),
        (all_of(CANADA | {"value": None}), "/rules/0/value", "not None"),
        (all_of(CANADA | {"value": ["CA"]}), "/rules/0/value", "not a list"),
        (all_of(CANADA | {"value": "x" * 1001}), "/rules/0/value", "1000 characters"),
        (all_of(CANADA | {"value": "a\0"}), "/rules/0/value", "text"),
        (all_of(CANADA | {"value": "\ud800"}), "/rules/0/value", "text"),
        (all_of(CANADA | {"value": float("nan")}), "/rules/0/value", "not nan"),
        (all_of(CANADA | {"value": 10**5000}), "/rules/0/value", "large number"),
        (all_of(CANADA | {"field": ""}), "/rules/0/field", "must name one value"),
        (all_of(CANADA | {"field": "a.b"}), "/rules/0/field", "without a dot"),
        (all_of(CANADA | {"field": 5}), "/rules/0/field", "must be a name"),
        (all_of({"behaviour": "slept"}), "/rules/0/behaviour", '"page_viewed"'),
        (
            all_of({"behaviour": "page_viewed", "at_least": 0}),
            "/rules/0/at_least",
            "1 to",
        ),
        (
            all_of({"behaviour": "page_viewed", "at_least": True}),
            "/rules/0/at_least",
            "True",
        ),
        (all_of({"behaviour": "page_viewed", "where": 3}), "/rules/0/where", "object"),
        (
            all_of({"behaviour": "event_tracked", "where": {"path": "/"}}),
            "/rules/0/where/path",
            '"name", "properties.<key>"',
        ),
        (
            all_of({"behaviour": "event_tracked", "where": {"properties.": "/"}}),
            "/rules/0/where/properties.",
            "must name one value",
        ),
        (
            all_of({"behaviour": "event_tracked", "where": {"a/b~": 1}}),
            "/rules/0/where/a~1b~0",
            "can be asked about",
        ),
        (
            {
                "match": "all",
                "rules": [
                    {"behaviour": "page_viewed", "where": {"match": "all", "rules": [{"behaviour": "x"}]}}
                ],
            },
            "/rules/0/where/rules/0",
            "must be a rule",
        ),
        (nested(9), "/rules/0" * 8, "8 deep"),
        (all_of(CANADA, times=101), "/rules", "100 rules"),
        (
            {"match": "any", "rules": [all_of(CANADA, times=50)] * 2},
            "/rules/1/rules",
            "100 rules",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_is_allowed(document, path, says):
    with pytest.raises(Malformed) as refused:
        parse(document)
    (problem,) = refused.value.problems
    assert (problem.path, says in problem.message) == (path, True), problem


def test_all_mistakes_are_told_at_once_and_from_where_the_rules_stand():
    with pytest.raises(Malformed) as refused:
        parse({"match": "every", "rules": [CANADA | {"operator": "~"}, {"behaviour": "slept"}]}, at="/if")
    assert [problem.path for problem in refused.value.problems] == [
        "/if/match",
        "/if/rules/0/operator",
        "/if/rules/1/behaviour",
    ]


def test_the_deepest_allowed_nesting_is_read():
    assert deep(parse(nested(8))) == 8


WORDS = [
    "match",
    "rules",
    "field",
    "operator",
    "value",
    "behaviour",
    "where",
    "at_least",
    "within",
    "tag",
    "x",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(WORDS) | st.text(st.characters(), max_size=3),
            inner | st.sampled_from(["all", "=", "in", "is_set", "page_viewed", "P7D"]),
            max_size=4,
        )
    ),
)


@given(JSON)
def test_whatever_is_sent_it_is_read_or_refused_in_words_that_can_be_sent_back(document):
    try:
        parse(document)
    except Malformed as refused:
        told = str(refused)
    else:
        told = "read"
    assert told.encode()


def test_all_that_is_wrong_at_a_place_is_told_there():
    with pytest.raises(Malformed) as refused:
        parse({"tag": "vip"}, "/rules")
    assert [*refused.value.fields] == ["/rules"]
    assert "does not know 'tag'" in refused.value.fields["/rules"]
    assert 'lacks "match", "rules"' in refused.value.fields["/rules"]
