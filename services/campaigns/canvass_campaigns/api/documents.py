"""A campaign document as it is posted: JSON, or YAML of the same shape."""

import asyncio
import re
from collections.abc import Iterator
from typing import Annotated, Any, cast

import yaml
from canvass_runtime.errors import Invalid, TooLarge
from fastapi import Depends, Request
from pydantic_core import from_json
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

YAML_BYTES = 256_000
MAX_VALUES = 50_000
"""With what aliases repeat: a few lines of them could stand for millions."""
MAX_DEPTH = 32

_YAML = {"application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"}

# YAML 1.2: `yes`, `no` and `on` are words, as the documents of campaigns have them, and so are dates.
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,17})")
_NUMBER = re.compile(r"[-+]?((\d{1,20}\.\d{0,20}|\.\d{1,20})([eE][-+]?\d{1,2})?|\d{1,20}[eE][-+]?\d{1,2})")


async def _document(request: Request) -> dict[str, Any]:
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _YAML:
        if len(body) > YAML_BYTES:
            raise TooLarge(f"YAML of up to {YAML_BYTES} bytes is read; send a larger document as JSON.")
        # Slow enough to hold all others up.
        document = await asyncio.to_thread(read_yaml, body)
    else:
        document = _read_json(body)
    if not isinstance(document, dict):
        raise Invalid("The body must hold an object.", fields={"": "must be an object"})
    return cast("dict[str, Any]", document)


Document = Annotated[dict[str, Any], Depends(_document)]

_OBJECTS = {"type": "object", "additionalProperties": True}
_SHAPE = {
    "type": "object",
    "title": "CampaignDocument",
    "description": "GET /schemas/steps has all of it.",
    "required": ["name", "sources", "steps"],
    "properties": {
        "campaign": {"type": "string", "description": "Its key again, if you like."},
        "name": {"type": "string"},
        "description": {"type": "string"},
        "sources": {"type": "array", "items": _OBJECTS},
        "start": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "steps": {"type": "object", "additionalProperties": _OBJECTS},
    },
}
DOCUMENT_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": _SHAPE} for kind in ("application/json", "application/yaml")},
    }
}
"""What OpenAPI tells of such a body."""


def _read_json(body: bytes) -> object:
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid(
            "The body is no JSON. Send YAML as application/yaml.", fields={"": str(error)}
        ) from error


def read_yaml(body: bytes) -> object:
    """The one document of a YAML stream, of what JSON has. Raises Invalid with the line that is wrong."""
    try:
        return _Builder(yaml.parse(body, Loader=_loader())).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f"line {mark.line + 1}: " if mark else ""
        raise Invalid("The body is no YAML.", fields={"": f"{at}{error.problem}"}) from error
    except (yaml.YAMLError, UnicodeError) as error:
        raise Invalid("The body is no YAML.", fields={"": str(error)[:200]}) from error


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Builder:
    """Builds values from the parser's events: no tag makes anything but what JSON has."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = (event for event in events if not isinstance(event, DocumentStartEvent))
        self._anchors: dict[str, tuple[object, int]] = {}
        self._values = 0

    def document(self) -> object:
        next(self._events)  # the stream's start
        value = self._value(next(self._events), 0)
        next(self._events)  # the document's end
        following = next(self._events)
        if not isinstance(following, yaml.StreamEndEvent):
            _refuse("holds a second document", following)
        return value

    def _value(self, event: Event, depth: int) -> object:
        if depth > MAX_DEPTH:
            _refuse(f"is nested more than {MAX_DEPTH} deep", event)
        before = self._values
        self._count(1, event)
        _refuse_tag(event)
        match event:
            case AliasEvent():
                return self._alias(event)
            case ScalarEvent():
                value = _scalar(event)
            case SequenceStartEvent():
                value = self._sequence(depth)
            case MappingStartEvent():
                value = self._mapping(depth)
            case _:
                return _refuse("holds nothing", event)
        if event.anchor:
            self._anchors[event.anchor] = value, self._values - before
        return value

    def _alias(self, event: AliasEvent) -> object:
        if event.anchor not in self._anchors:  # also one that stands inside of what it names
            _refuse(f"knows no anchor &{event.anchor} yet", event)
        value, size = self._anchors[event.anchor]
        self._count(size, event)
        return value

    def _sequence(self, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, object]:
        members: dict[str, object] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            name = event.value if isinstance(event, ScalarEvent) else None
            _refuse_tag(event)
            if name is None:
                _refuse("has a name that is no text", event)
            elif name in members:
                _refuse(f"has {name!r} twice", event)
            else:
                members[name] = self._value(next(self._events), depth + 1)
        return members

    def _count(self, more: int, event: Event) -> None:
        self._values += more
        if self._values > MAX_VALUES:
            _refuse(f"holds more than {MAX_VALUES} values, with those that aliases repeat", event)


def _scalar(event: ScalarEvent) -> object:
    text = event.value
    if event.style in {"'", '"', "|", ">"}:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _refuse_tag(event: Event) -> None:
    tag = getattr(event, "tag", None)
    if tag not in {None, "!"}:  # which some parsers have for what is quoted
        _refuse(f"has the tag {tag}, and needs none", event)


def _refuse(what: str, event: Event) -> Any:
    line = event.start_mark.line + 1
    raise Invalid("The body cannot be read as a campaign.", fields={"": f"line {line}: {what}"})
