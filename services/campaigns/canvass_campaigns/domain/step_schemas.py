"""The JSON Schemas (draft 2020-12) of steps, for forms and editors. What the reader accepts, they accept."""

from __future__ import annotations

from typing import TypeAlias

from canvass_rules.schema import json_schema

from canvass_campaigns.domain.vocabulary import (
    CLASSES,
    HEARS,
    KEY,
    KINDS,
    MAX_BRANCHES,
    MAX_SOURCES,
    MAX_STEPS,
    MAX_TEXT,
    Field,
    Kind,
)

Schema: TypeAlias = dict[str, object]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_KEY: Schema = {"type": "string", "pattern": f"^{KEY}$"}
_DURATION = "^P(?=[0-9T])([0-9]{1,4}W|([0-9]{1,4}D)?(T(?=[0-9])([0-9]{1,5}H)?([0-9]{1,6}M)?([0-9]{1,7}S)?)?)$"

_FORMS: dict[str, Schema] = {
    "key": _KEY,
    "step": _KEY,
    "ways": {
        "anyOf": [
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}, "maxItems": MAX_BRANCHES},
            {"type": "null"},
        ],
        "x-refers-to": "step",
    },
    "class": {"enum": list(CLASSES), "default": CLASSES[0]},
    "values": {"type": "object"},
    "duration": {"type": "string", "pattern": _DURATION, "format": "duration"},
    "time": {"type": "string", "format": "date-time"},
    "flag": {"type": "boolean", "default": True},
    "text": {"type": "string", "minLength": 1, "maxLength": MAX_TEXT},
    "here": {"const": "here"},
    "rules": {"$ref": "#/$defs/rules"},
}


def step_schemas() -> list[Schema]:
    """One of each kind: its `name`, `word`, `title`, `description` and `schema`, which stands alone."""
    return [
        {
            "name": kind.name,
            "word": kind.word,
            "title": kind.title,
            "description": kind.says,
            "schema": {"$schema": _DRAFT, **_step(kind), "$defs": _definitions(kind)},
        }
        for kind in KINDS.values()
    ]


def document_schema() -> Schema:
    """Of a whole campaign document."""
    source_of = {"segment": _KEY, "form": _KEY, "event": _FORMS["text"]}
    where = {"form": _where("form"), "event": _where("event")}
    sources = [
        _object({name: schema, **({"where": where[name]} if name in where else {})}, required=[name])
        for name, schema in source_of.items()
    ]
    return {
        "$schema": _DRAFT,
        "title": "Campaign",
        **_object(
            {
                "campaign": _KEY,
                "name": {"type": "string", "minLength": 1, "maxLength": 200},
                "description": {"type": ["string", "null"], "maxLength": 2_000},
                "sources": {
                    "type": "array",
                    "items": {"anyOf": sources},
                    "minItems": 1,
                    "maxItems": MAX_SOURCES,
                },
                "start": _FORMS["ways"],
                "steps": {
                    "type": "object",
                    "propertyNames": _KEY,
                    "additionalProperties": {"anyOf": [_step(kind) for kind in KINDS.values()]},
                    "minProperties": 1,
                    "maxProperties": MAX_STEPS,
                },
            },
            required=["name", "sources", "steps"],
        ),
        "$defs": _all_definitions(),
    }


def _step(kind: Kind) -> Schema:
    told: Schema = {} if kind.word == "if" else {kind.word: {"const": kind.name}}
    members = told | {field.name: _field(kind, field) for field in kind.fields}
    required = [*told, *(field.name for field in kind.fields if field.required)]
    return {"title": kind.title, "description": kind.says, **_object(members, required)}


def _field(kind: Kind, field: Field) -> Schema:
    shape = _where(kind.name) if field.form == "where" else _FORMS[field.form]
    if not field.required and field.form not in {"ways", "where"}:
        shape = {"anyOf": [shape, {"type": "null"}]} if "default" not in shape else shape
    refers: Schema = {"x-refers-to": field.refers_to} if field.refers_to else {}
    return {"title": field.title, "description": field.says, **shape, **refers}


def _where(asks: str) -> Schema:
    kind = next(behaviours[0] for name, behaviours in HEARS.items() if name == asks)
    return {"$ref": f"#/$defs/{kind}_where_of"}


def _definitions(kind: Kind) -> Schema:
    """Only conditions and decisions need those of the rule language."""
    return _all_definitions() if kind.word != "do" else {}


def _all_definitions() -> Schema:
    rules = json_schema()
    told: Schema = rules["$defs"]  # type: ignore[assignment]
    mine: Schema = {"rules": {"$ref": rules["$ref"]}}
    for behaviours in HEARS.values():
        behaviour: Schema = told[behaviours[0]]  # type: ignore[assignment]
        mine[f"{behaviours[0]}_where_of"] = behaviour["properties"]["where"]  # type: ignore[index]
    return told | mine


def _object(members: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}
