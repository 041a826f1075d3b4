from importlib.resources import files

import pytest
from canvass_rules import Malformed, dump, parse
from canvass_rules.schema import json_schema, rendered
from hypothesis import assume, given
from jsonschema import Draft202012Validator

from .strategies import RULES
from .test_parse import CANADA, JSON, deep

SCHEMA = Draft202012Validator(json_schema())


def test_the_committed_schema_is_todays():
    assert files("canvass_rules").joinpath("schema.json").read_text() == rendered()


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(json_schema())


@given(RULES)
def test_every_rule_fits_the_schema(rules):
    assume(deep(rules) <= 8)
    SCHEMA.validate(dump(rules))


@given(JSON)
def test_what_the_schema_refuses_is_refused(document):
    assume(not SCHEMA.is_valid(document))
    with pytest.raises(Malformed):
        parse(document)


@pytest.mark.parametrize(
    "rule",
    [
        CANADA | {"value": None},
        CANADA | {"field": "a.b"},
        CANADA | {"field": "\0"},
        CANADA | {"operator": "~"},
        CANADA | {"operator": "is_set"},
        CANADA | {"operator": "in"},
        CANADA | {"operator": "in", "value": []},
        CANADA | {"operator": ">", "value": True},
        CANADA | {"operator": "contains", "value": 5},
        CANADA | {"operator": "matches", "value": "*" * 11},
        {"field": "country", "operator": "="},
        {"tag": ""},
        {"behaviour": "page_viewed", "within": "P1M"},
        {"behaviour": "page_viewed", "within": "P"},
        {"behaviour": "page_viewed", "where": {"name": "x"}},
        {"behaviour": "event_tracked", "where": {"properties.": "x"}},
        {"behaviour": "event_tracked", "at_least": 0},
    ],
)
def test_the_schema_knows_the_mistakes(rule):
    document = {"match": "all", "rules": [rule]}
    assert not SCHEMA.is_valid(document)
    with pytest.raises(Malformed):
        parse(document)
