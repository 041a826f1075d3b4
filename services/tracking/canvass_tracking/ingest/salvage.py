"""The slow reading of a batch: taken apart without understanding it, so that one bad event spoils no other.

It is for what is malformed somewhere, or so large that each event has to be measured. Runs in a thread.
"""

from collections.abc import Mapping
from typing import Any, cast

from canvass_schemas.pieces import members, pieces
from pydantic import ValidationError
from pydantic_core import from_json

from canvass_tracking.ingest.limits import MAX_EVENT_BYTES, MAX_EVENTS, Refused, Rejection
from canvass_tracking.ingest.parse import Context, Posted, PostedBatch, Read, read_one, too_many

_CONTEXT = Context.__annotations__


def salvage(body: bytes) -> Read:
    """What can be read of a batch. Raises Refused when nothing in the body is a list called `batch`."""
    told = {_name(name): value for name, value in members(body)}
    listed = told.get("batch", b"")
    if not listed.startswith(b"["):
        raise Refused(400, "invalid_json", "The body is not JSON that has a `batch`: a list of events.")
    elements = list(pieces(listed))
    if len(elements) > MAX_EVENTS:
        raise too_many()
    events: list[tuple[int, Posted]] = []
    rejections: list[Rejection] = []
    for index, raw in enumerate(elements):
        if len(raw) > MAX_EVENT_BYTES:
            problem = f"An event is at most {MAX_EVENT_BYTES} bytes; this is {len(raw)}."
            rejections.append(Rejection(index, "event_too_large", problem))
            continue
        try:
            events.append((index, read_one(raw)))
        except ValidationError as error:
            rejections.append(Rejection(index, *unreadable(error)))
    return Read(events, rejections, _whole(told))


def unreadable(error: ValidationError) -> tuple[str, str]:
    """The code and message for an event that is no JSON, or no event. Repeats nothing of what was sent."""
    problem = error.errors(include_input=False, include_url=False)[0]
    if problem["type"] == "json_invalid":
        return "invalid_json", f"This is not JSON: {problem.get('ctx', {}).get('error')}."
    place = ".".join(str(part) for part in problem["loc"])
    return "invalid_event", f"`{place}` must be an object." if place else "An event must be an object."


def _whole(told: Mapping[str | None, bytes]) -> PostedBatch:
    whole: PostedBatch = {"sentAt": _value(told, "sentAt"), "writeKey": _value(told, "writeKey")}
    context = _value(told, "context")
    if isinstance(context, dict):
        whole["context"] = cast("Context", {name: context[name] for name in _CONTEXT if name in context})
    return whole


def _name(raw: bytes) -> str | None:
    name = _loads(raw)
    return name if isinstance(name, str) else None


def _value(told: Mapping[str | None, bytes], name: str) -> Any:
    return _loads(told[name]) if name in told else None


def _loads(raw: bytes) -> Any:
    try:
        return from_json(raw)
    except ValueError:
        return None
