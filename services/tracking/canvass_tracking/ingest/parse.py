"""Bytes to events, all of a body at once. What goes wrong here goes to `salvage`, which takes its time."""

import re
from typing import Any, NamedTuple, TypeGuard

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from canvass_tracking.ingest.limits import MAX_EVENT_BYTES, MAX_EVENTS, Refused, Rejection

# Only what is named here is made into Python objects; most of what SDKs send is passed over. What a field may
# hold is judged event by event, so that one that holds something else costs nothing but itself.


@with_config(ConfigDict(extra="ignore"))
class Context(TypedDict, total=False):
    """Where an event happened."""

    page: Any
    ip: Any
    direct: Any
    traits: Any
    userHash: Any


@with_config(ConfigDict(extra="ignore"))
class Posted(TypedDict, total=False):
    """One event as it was posted, not judged yet."""

    type: Any
    messageId: Any
    anonymousId: Any
    userId: Any
    timestamp: Any
    originalTimestamp: Any
    sentAt: Any
    event: Any
    name: Any
    properties: Any
    traits: Any
    groupId: Any
    previousId: Any
    mergeProperties: Any
    context: Context | None
    writeKey: Any


@with_config(ConfigDict(extra="ignore"))
class PostedBatch(TypedDict, total=False):
    """The body of `/v1/batch`."""

    batch: list[Posted] | None
    sentAt: Any
    context: Context | None
    writeKey: Any


class Read(NamedTuple):
    """What a body holds: events with their places in it, and what could not be read at all."""

    events: list[tuple[int, Posted]]
    unreadable: list[Rejection]
    whole: PostedBatch
    """What is said of all of them. Its `batch` is not for use."""


class Unread(Exception):
    """The body cannot be read, or not judged, in one go."""


_batch = TypeAdapter(PostedBatch).validator
_posted = TypeAdapter(Posted).validator


def read_batch(body: bytes) -> Read:
    """The events of a batch, each within its size. Raises Unread, or Refused for a batch of too many."""
    try:
        whole = _batch.validate_json(body)
    except ValidationError:
        raise Unread from None
    events = whole.get("batch")
    if events is None:
        raise Refused(400, "invalid_batch", "The body needs a `batch`: a list of events.")
    if len(events) > MAX_EVENTS:
        raise too_many()
    if len(body) > MAX_EVENT_BYTES and not all_small(body, events):
        raise Unread
    return Read(list(enumerate(events)), [], whole)


def read_one(raw: bytes) -> Posted:
    """One event, alone. Raises pydantic.ValidationError."""
    return _posted.validate_json(raw)


def too_many() -> Refused:
    """The batch is longer than a batch may be."""
    return Refused(400, "too_many_events", f"A batch is at most {MAX_EVENTS} events.")


def all_small(body: bytes, events: list[Posted]) -> bool:
    """Whether every event is surely within its size; False when only a close look can tell.

    An event holds its own message id and lies between those of its neighbours. The first places, from the
    left, where the ids stand one after the other are not behind them, and the first from the right not before
    them: so no event is longer than from its left neighbour's first place to its right neighbour's last.
    """
    ids = [event.get("messageId") for event in events]
    if not _literal(ids) or _ESCAPED.search(body):
        return False
    sought = [id_.encode() for id_ in ids]
    lefts, rights = _places(body, sought), _places_from_right(body, sought)
    return all(
        right - left <= MAX_EVENT_BYTES
        for left, right in zip([0, *lefts[:-1]], [*rights[1:], len(body)], strict=True)
    )


_LITERAL = re.compile(r"[\w.:~+=-]+", re.ASCII)
_ESCAPED = re.compile(rb"\\u00[2-7]")


def _literal(ids: list[Any]) -> TypeGuard[list[str]]:
    """Whether the ids can stand in JSON in one way only, but for what `_ESCAPED` finds."""
    return all(type(id_) is str and id_ for id_ in ids) and _LITERAL.fullmatch("".join(ids)) is not None


def _places(body: bytes, sought: list[bytes]) -> list[int]:
    """Where each begins, one after the other. All are there: each was read from its own event."""
    places: list[int] = []
    at = 0
    for id_ in sought:
        at = body.find(id_, at)
        places.append(at)
        at += len(id_)
    return places


def _places_from_right(body: bytes, sought: list[bytes]) -> list[int]:
    places: list[int] = []
    at = len(body)
    for id_ in reversed(sought):
        at = body.rfind(id_, 0, at)
        places.append(at)
    return places[::-1]
