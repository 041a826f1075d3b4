"""What was promised to hearers is kept."""

import copy
import json

import pytest
from canvass_schemas import jsonschemas
from canvass_schemas.compatibility import incompatibilities
from canvass_schemas.jsonschemas import broken_promises, committed, fresh, rewrite
from canvass_schemas.segments import ContactEntered
from canvass_schemas.tracking import PageViewed

OLD = {
    "$defs": {
        "Page": {
            "properties": {
                "path": {"type": "string", "maxLength": 100, "description": "Of the page."},
                "title": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
                "kind": {"enum": ["web", "app"], "type": "string"},
                "tags": {"items": {"type": "string"}, "type": "array"},
                "more": {"additionalProperties": {"$ref": "#/$defs/Any"}, "type": "object"},
                "above": {"anyOf": [{"$ref": "#/$defs/Page"}, {"type": "null"}], "default": None},
            },
            "required": ["path", "kind"],
            "type": "object",
        },
        "Any": {},
    },
    "properties": {
        "type": {"const": "tracking.page_viewed.v1", "type": "string"},
        "data": {"$ref": "#/$defs/Page", "description": "What is particular."},
    },
    "required": ["type", "data"],
    "type": "object",
}


def page(schema):
    return schema["$defs"]["Page"]


def without(name):
    return lambda new: page(new)["properties"].pop(name)


def put(name, **words):
    return lambda new: page(new)["properties"].setdefault(name, {}).update(words)


def put_on_page(**words):
    return lambda new: page(new).update(words)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(without("title"), "data.title: was removed", id="an optional field removed"),
        pytest.param(without("path"), "data.path: was removed", id="a required field removed"),
        pytest.param(lambda new: new["properties"].pop("data"), "data: was removed", id="all data removed"),
        pytest.param(
            put_on_page(required=["path", "kind", "zone"]),
            "data.zone: is now required",
            id="a required field added",
        ),
        pytest.param(
            put_on_page(required=["path"]), "data.kind: is no longer required", id="no longer required"
        ),
        pytest.param(
            put("path", type="integer"), "data.path: type was 'string', is 'integer'", id="other type"
        ),
        pytest.param(put("path", maxLength=50), "data.path: maxLength was 100, is 50", id="shorter text"),
        pytest.param(
            put("path", pattern="^/"), "data.path: pattern was not said, is '^/'", id="a pattern added"
        ),
        pytest.param(put("path", format="uri"), "data.path: format was not said", id="a format added"),
        pytest.param(put("kind", enum=["web"]), "data.kind: enum was", id="a value gone"),
        pytest.param(
            put("kind", enum=["web", "app", "tv"]), "data.kind: enum was", id="a value nobody knows yet"
        ),
        pytest.param(
            put("title", anyOf=[{"type": "string"}]), "data.title: had 2 alternatives", id="null gone"
        ),
        pytest.param(put("title", default="none"), "data.title: default was None", id="another default"),
        pytest.param(put("tags", items={"type": "integer"}), "data.tags[items]: type was", id="other items"),
        pytest.param(put("more", additionalProperties=False), "data.more[additionalProperties]", id="closed"),
        pytest.param(
            put("above", anyOf=[{"type": "string"}, {"type": "null"}]),
            "data.above[1]",
            id="text for an object",
        ),
        pytest.param(
            put_on_page(additionalProperties=False), "data[additionalProperties]", id="unknown fields refused"
        ),
        pytest.param(
            lambda new: new["properties"]["type"].update(const="x.v1"), "type: const was", id="another fact"
        ),
    ],
)
def test_an_incompatible_change_is_caught(change, reason):
    new = copy.deepcopy(OLD)
    change(new)
    found = incompatibilities(OLD, new)
    assert any(reason in line for line in found), found


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(dict, id="none"),
        pytest.param(put("viewport", type="object"), id="an optional field added"),
        pytest.param(
            put("path", description="Without query.", title="Path", examples=["/"]), id="other words"
        ),
        pytest.param(put("kind", enum=["app", "web"]), id="the same values in another order"),
        pytest.param(put("more", additionalProperties=True), id="anything, said otherwise"),
        pytest.param(put_on_page(required=["kind", "path"]), id="required in another order"),
        pytest.param(lambda new: new["properties"].update(data=page(new)), id="written in place"),
    ],
)
def test_a_compatible_change_is_let_through(change):
    new = copy.deepcopy(OLD)
    change(new)
    assert incompatibilities(OLD, new) == []


def test_the_committed_schemas_are_fresh():
    assert committed() == fresh(), "run python -m canvass_schemas.jsonschemas"


def test_no_promise_is_broken():
    assert broken_promises(committed(), fresh()) == []


def without_path(schemas):
    schemas[PageViewed.TYPE]["$defs"]["PageViewedData"]["properties"].pop("path")


def with_narrow_segment(schemas):
    schemas[ContactEntered.TYPE]["$defs"]["MembershipData"]["properties"]["segment"]["maxLength"] = 3


@pytest.mark.parametrize(
    ("plant", "line"),
    [
        pytest.param(
            lambda s: s.pop(PageViewed.TYPE), "tracking.page_viewed.v1: is no longer said", id="a fact gone"
        ),
        pytest.param(without_path, "tracking.page_viewed.v1: data.path: was removed", id="a field gone"),
        pytest.param(
            with_narrow_segment, "contact_entered.v1: data.segment: maxLength was not said", id="narrower"
        ),
    ],
)
def test_an_incompatibility_planted_in_the_real_facts_is_caught(plant, line):
    planted = copy.deepcopy(fresh())
    plant(planted)
    assert any(line in found for found in broken_promises(committed(), planted))


def test_rewriting_writes_what_is_fresh_and_adds_what_is_new(tmp_path):
    assert rewrite(tmp_path) == []
    assert committed(tmp_path) == fresh()
    (tmp_path / f"{PageViewed.TYPE}.json").unlink()
    assert rewrite(tmp_path) == []
    assert committed(tmp_path) == fresh()


def test_rewriting_refuses_to_break_a_promise_and_says_what_to_do(tmp_path, monkeypatch, capsys):
    rewrite(tmp_path)
    promised = committed(tmp_path)[PageViewed.TYPE]
    promised["properties"]["gone"] = {"type": "string"}
    (tmp_path / f"{PageViewed.TYPE}.json").write_text(json.dumps(promised), "utf-8")
    monkeypatch.setattr(jsonschemas, "rewrite", lambda: rewrite(tmp_path))
    assert jsonschemas.main() == 1
    said = capsys.readouterr().err
    assert "tracking.page_viewed.v1: gone: was removed" in said
    assert ".v<N+1>" in said
    assert committed(tmp_path)[PageViewed.TYPE] == promised
