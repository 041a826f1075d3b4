"""The JSON Schema of the language, for editors and other builders: `python -m canvass_rules.schema`.

It says all but how deep groups may nest, how many rules a document may hold and how long `within` may be.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import TypeAlias

from canvass_rules import durations
from canvass_rules.model import BehaviourKind, Operator
from canvass_rules.vocabulary import (
    BEHAVIOURS,
    CHOICES,
    MATCHES,
    MAX_ANY,
    MAX_CHOICES,
    MAX_NAME,
    MAX_NUMBER,
    MAX_RULES,
    MAX_TEXT,
    MAX_TIMES,
    ORDERS,
    PRESENCES,
    PROPERTY,
    SAME,
    WORDINGS,
)

Schema: TypeAlias = dict[str, object]

_STORABLE = r"[^\u0000]*"
_ONE_VALUE = r"[^.\u0000]+"


def json_schema() -> Schema:
    """Draft 2020-12. What `parse` accepts, it accepts."""
    definitions: Schema = {
        "value": {"anyOf": [_ref("text"), _ref("number"), {"type": "boolean"}]},
        "text": _text(),
        "number": {"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER},
        "group": _group([_ref("group"), _ref("field"), _ref("tag"), *map(_ref, BEHAVIOURS)]),
        "field": _field({"type": "string", "pattern": f"^{_ONE_VALUE}$", "maxLength": MAX_NAME}),
        "tag": _object({"tag": {**_text(), "minLength": 1, "maxLength": MAX_NAME}}, required=["tag"]),
        "within": {"type": "string", "pattern": f"^{durations.PATTERN}$"},
    }
    for kind in BEHAVIOURS:
        definitions |= _behaviour(kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Canvass rules",
        "description": "Which contacts are meant: fields, tags and behaviours, joined by all, any or none.",
        **_ref("group"),
        "$defs": definitions,
    }


def _behaviour(kind: BehaviourKind) -> Schema:
    known = "|".join(re.escape(word) for word in BEHAVIOURS[kind])
    asked: Schema = {
        "type": "string",
        "pattern": f"^({known}|{re.escape(PROPERTY)}{_ONE_VALUE})$",
        "maxLength": MAX_NAME,
    }
    short: Schema = {
        "type": "object",
        "propertyNames": {**asked, "not": {"enum": ["match", "rules"]}},
        "additionalProperties": _ref("value"),
        "maxProperties": MAX_RULES,
    }
    members: Schema = {
        "behaviour": {"const": kind},
        "where": {"anyOf": [short, _ref(f"{kind}_where"), {"type": "null"}]},
        "at_least": {"type": "integer", "minimum": 1, "maximum": MAX_TIMES, "default": 1},
        "within": {"anyOf": [_ref("within"), {"type": "null"}]},
    }
    return {
        kind: _object(members, required=["behaviour"]),
        f"{kind}_where": _group([_ref(f"{kind}_where"), _ref(f"{kind}_field")]),
        f"{kind}_field": _field(asked),
    }


def _group(kinds: list[Schema]) -> Schema:
    rules: Schema = {"type": "array", "items": {"anyOf": kinds}, "minItems": 1, "maxItems": MAX_RULES}
    return _object({"match": {"enum": list(MATCHES)}, "rules": rules}, required=["match", "rules"])


def _field(name: Schema) -> Schema:
    several: Schema = {"type": "array", "items": _ref("value"), "minItems": 1, "maxItems": MAX_CHOICES}
    pattern: Schema = {**_text(), "pattern": rf"^([^*\u0000]*\*){{0,{MAX_ANY}}}[^*\u0000]*$"}
    return {
        "anyOf": [
            _asking(name, SAME, _ref("value")),
            _asking(name, ORDERS, {"anyOf": [_ref("text"), _ref("number")]}),
            _asking(name, [word for word in WORDINGS if word != "matches"], _ref("text")),
            _asking(name, ["matches"], pattern),
            _asking(name, CHOICES, several),
            _asking(name, PRESENCES, None),
        ]
    }


def _asking(name: Schema, operators: Sequence[Operator], value: Schema | None) -> Schema:
    members: Schema = {"field": name, "operator": {"enum": list(operators)}}
    if value is None:
        return _object(members, required=["field", "operator"])
    return _object({**members, "value": value}, required=["field", "operator", "value"])


def _text() -> Schema:
    return {"type": "string", "pattern": f"^{_STORABLE}$", "maxLength": MAX_TEXT}


def _object(members: Schema, required: list[str]) -> Schema:
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def rendered() -> str:
    """The text of the committed `schema.json`."""
    return json.dumps(json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(rendered())
