"""Golden examples: what has been on the wire is read forever, by us and by anyone's CloudEvents SDK."""

import json
from datetime import datetime
from uuid import UUID

import jsonschema
import pytest
from canvass_schemas import wire
from canvass_schemas.catalogue import CATALOGUE
from canvass_schemas.golden import golden
from canvass_schemas.ids import uuid7_time
from canvass_schemas.jsonschemas import FOLDER, committed
from cloudevents.core.formats.json import JSONFormat

EXAMPLES = [
    pytest.param(entry.fact, raw, id=f"{entry.fact.TYPE}/{name}")
    for entry in CATALOGUE
    for name, raw in golden(entry.fact).items()
]
examples = pytest.mark.parametrize(("fact_class", "raw"), EXAMPLES)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.fact.TYPE)
def test_every_fact_has_an_example(entry):
    assert golden(entry.fact)


def test_every_example_is_of_a_fact():
    folders = {folder.name for folder in (FOLDER.parent / "examples").iterdir()}
    assert folders == {entry.fact.TYPE for entry in CATALOGUE}


@examples
def test_an_example_parses_and_is_written_as_it_was(fact_class, raw):
    (fact,) = wire.parse(fact_class, b"[" + raw + b"]")
    assert json.loads(wire.dump([fact])) == [json.loads(raw)]
    assert wire.parse_each(fact_class, wire.dump([fact])) == ([fact], [])


@examples
def test_an_example_parses_in_the_official_sdk(fact_class, raw):
    (fact,) = wire.parse(fact_class, b"[" + raw + b"]")
    for sent in (raw, wire.dump([fact])[1:-1]):
        event = JSONFormat().read(None, sent)
        assert (event.get_id(), event.get_source()) == (str(fact.id), fact.source)
        assert (event.get_type(), event.get_specversion()) == (fact_class.TYPE, "1.0")
        assert (event.get_time(), event.get_subject()) == (fact.time, fact.subject and str(fact.subject))
        assert event.get_data() == json.loads(raw)["data"]
        assert event.get_extension("hops") == fact.hops


@examples
def test_an_example_obeys_the_committed_schema(fact_class, raw):
    schema = committed()[fact_class.TYPE]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(raw))


@examples
def test_the_id_of_an_example_was_made_when_it_was_said(fact_class, raw):
    event = json.loads(raw)
    late = uuid7_time(UUID(event["id"])) - datetime.fromisoformat(event["time"])
    assert 0 <= late.total_seconds() < 1
