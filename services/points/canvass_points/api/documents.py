"""How definitions are written, as OpenAPI describes it. What is read, and why not, the domain says."""

from typing import Annotated, Any

from canvass_rules.vocabulary import BEHAVIOURS, MAX_TEXT
from fastapi import Body
from pydantic import JsonValue, WithJsonSchema

from canvass_points.domain.action_document import MAX_NAME
from canvass_points.domain.model import MAX_DELTA, MAX_THRESHOLD
from canvass_points.domain.trigger_document import KEY, MAX_REACTIONS

Schema = dict[str, Any]

_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_NAME, "description": "For people."}
_KEY: Schema = {"type": "string", "pattern": f"^{KEY}$"}
_ACTIVE: Schema = {"type": "boolean", "default": True, "description": "Whether it is to do anything."}
_WHERE: Schema = {
    "type": "object",
    "additionalProperties": True,
    "description": "Which of them, in the rule language: a group of field rules about the behaviour, or"
    ' `{"path": "/pricing"}` for short. Nothing means all of them.',
    "examples": [{"match": "all", "rules": [{"field": "properties.total", "operator": ">", "value": 500}]}],
}


def _short(what: str) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": MAX_TEXT, "description": what}


def _object(title: str, required: list[str], properties: Schema) -> Schema:
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


ACTION: Schema = _object(
    "ActionDocument",
    ["name", "on", "delta"],
    {
        "name": _NAME,
        "on": {"enum": list(BEHAVIOURS), "type": "string", "description": "What contacts do."},
        "path": _short("With `page_viewed`: the path of the page; each `*` stands for anything."),
        "event": _short("With `event_tracked`: the name of the event; each `*` stands for anything."),
        "form": _short("With `form_submitted`: the key of the form; each `*` stands for anything."),
        "where": _WHERE,
        "delta": {
            "type": "integer",
            "minimum": -MAX_DELTA,
            "maximum": MAX_DELTA,
            "not": {"const": 0},
            "description": "The points that it earns or, below 0, costs.",
        },
        "repeat": {
            "enum": ["always", "once"],
            "type": "string",
            "default": "always",
            "description": "`once`: a contact earns from it once, for ever.",
        },
        "active": _ACTIVE,
    },
)

_WEBHOOK = _object(
    "Webhook",
    ["webhook"],
    {
        "webhook": {**_KEY, "description": "The key of a destination: another system is told."},
        "values": {
            "type": "object",
            "additionalProperties": True,
            "description": "What its body holds as `values`, beside `score` and `threshold`.",
        },
    },
)
_NOTIFY = _object(
    "Notify",
    ["notify"],
    {
        "notify": {**_KEY, "description": "The key of a destination: people of ours are told by e-mail."},
        "template": {**_KEY, "description": "The key of a template; it knows `values.score`."},
    },
)
_SEGMENT = _object(
    "ChangeSegment",
    ["segment"],
    {
        "segment": {**_KEY, "description": "The key of a segment that the contact is put into."},
        "member": {"type": "boolean", "default": True, "description": "false: it is taken out of it."},
    },
)

TRIGGER: Schema = _object(
    "TriggerDocument",
    ["name", "at", "do"],
    {
        "name": _NAME,
        "at": {"type": "integer", "minimum": 1, "maximum": MAX_THRESHOLD, "description": "The threshold."},
        "do": {
            "type": "array",
            "items": {"anyOf": [_WEBHOOK, _NOTIFY, _SEGMENT]},
            "minItems": 1,
            "maxItems": MAX_REACTIONS,
        },
        "repeat": {
            "enum": ["once", "each_time"],
            "type": "string",
            "default": "once",
            "description": "`each_time`: again whenever the score rises to it after it has been below.",
        },
        "active": _ACTIVE,
    },
)

ActionDocument = Annotated[dict[str, JsonValue], WithJsonSchema(ACTION)]
TriggerDocument = Annotated[dict[str, JsonValue], WithJsonSchema(TRIGGER)]
ActionBody = Annotated[ActionDocument, Body()]
TriggerBody = Annotated[TriggerDocument, Body()]
