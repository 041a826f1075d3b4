"""Every fact there is: a new one is tested by existing."""

import importlib
import pkgutil
import re

import canvass_schemas
import pytest
from canvass_schemas import catalogue
from canvass_schemas.catalogue import CATALOGUE, SERVICES, by_type, heard_by, heard_by_of, said_by
from canvass_schemas.envelope import Fact
from canvass_schemas.said_through import BY_SPEAKER
from canvass_schemas.tracking import ContactChanged, PageViewed

entries = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.fact.TYPE)


def said_somewhere(kind=Fact):
    for narrower in kind.__subclasses__():
        if "TYPE" in vars(narrower):
            yield narrower
        yield from said_somewhere(narrower)


def test_no_fact_is_missing_or_twice():
    for module in pkgutil.iter_modules(canvass_schemas.__path__):
        importlib.import_module(f"canvass_schemas.{module.name}")
    listed = [entry.fact for entry in CATALOGUE]
    assert len({fact.TYPE for fact in listed}) == len(listed)
    assert {fact for fact in said_somewhere() if fact.__module__.startswith("canvass_schemas.")} == set(
        listed
    )


@entries
def test_a_type_names_its_speaker_its_fact_and_its_version(entry):
    service, fact, version = entry.fact.TYPE.split(".")
    assert service == entry.said_by == entry.fact.speaker()
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", fact)
    assert re.fullmatch(r"v[1-9][0-9]*", version)


@entries
def test_who_says_and_hears_is_a_service_once_and_never_itself(entry):
    assert {entry.said_by, *entry.heard_by} <= set(SERVICES)
    assert len(set(entry.heard_by)) == len(entry.heard_by)
    assert entry.said_by not in entry.heard_by


@entries
def test_a_fact_and_each_of_its_fields_say_what_they_mean(entry):
    assert entry.fact.__doc__
    fields = entry.fact.model_fields
    for name, field in {**fields, **fields["data"].annotation.model_fields}.items():
        assert field.description, name


def test_every_speaker_says_how_far_it_has_come():
    assert {name: fact.speaker() for name, fact in BY_SPEAKER.items()} == {name: name for name in SERVICES}


def test_the_catalogue_answers_by_speaker_hearer_and_type():
    assert PageViewed in said_by("tracking")
    assert PageViewed in heard_by("points")
    assert ContactChanged not in heard_by("points")
    assert by_type("tracking.page_viewed.v1") is PageViewed
    assert heard_by_of("tracking.page_viewed.v1") == ("segments", "points", "campaigns")
    with pytest.raises(KeyError):
        catalogue.by_type("tracking.page_viewed.v99")
