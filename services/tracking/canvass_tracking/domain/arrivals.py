"""What comes in: one event, judged at the door, before it is known whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

from canvass_tracking.domain.model import Identity, IncomingEvent

UNDATED = date(1970, 1, 1)
"""The day of what does not say when it happened, or says something odd."""

OLD = timedelta(hours=72)
"""What happened longer ago than this when it arrives counts, but starts nothing: it goes by bulk."""

# Tuples, all of them: there are some for each event, and frozen dataclasses cost three times as much.


class PageView(NamedTuple):
    """A page was looked at."""

    path: str
    url: str | None
    title: str | None
    referrer: str | None
    properties: dict[str, Any]


class Happening(NamedTuple):
    """Something was done that the sender has a name for."""

    name: str
    properties: dict[str, Any]


class Submission(NamedTuple):
    """A form was filled in."""

    form: str
    answers: dict[str, Any]


class Unconfirmed(NamedTuple):
    """A form was filled in by somebody who says that an address is theirs: to be asked whether it is."""

    form: str
    template: str
    mark: bytes
    """Of the link that confirms it."""
    link: str
    filled: dict[str, Any]
    """What counts once it is confirmed."""
    name: str
    """The form's, as people know it."""


class Reaction(NamedTuple):
    """A message was opened or, with `url`, a link of it was followed."""

    effect_id: UUID
    channel: str
    template: str
    campaign: str | None
    journey_id: UUID | None
    step: str | None
    url: str | None = None


What: TypeAlias = PageView | Happening | Submission | Unconfirmed | Reaction | None
"""None: the event only tells who somebody is."""


class Arrival(NamedTuple):
    """One event. A repeat of it has the same day and mark, whenever it comes."""

    day: date
    mark: str
    message_id: str
    who: IncomingEvent
    happened_at: datetime
    what: What
    context: Mapping[str, Any] | None = None
    """What is known around it, as facts say it."""
    imported: bool = False
    """Whether the sender says that it is history, whenever it happened."""


class Link(NamedTuple):
    """Whom an identity leads to: a contact that lives, whether it has told who it is, and its revision."""

    contact_id: UUID
    identified: bool
    revision: int


def mark_of(source: int | str, message_id: str) -> str:
    """What no other event has: 128 bits, in hexadecimal, of what its source calls it.

    The source is one of ours by its id, or another door by a name that has a colon.
    """
    return blake2b(f"{source}/{message_id}".encode(), digest_size=16).hexdigest()


def day_of(original: datetime | None) -> date:
    """The day, in UTC, of the sender's own time of an event, which it repeats when it sends it again."""
    if original is None or not 2000 <= original.year < 2100:
        return UNDATED
    return (original if original.tzinfo is UTC else original.astimezone(UTC)).date()


def lane_of(arrival: Arrival, now: datetime) -> Literal["live", "bulk"]:
    """By which lane it is said."""
    return "bulk" if arrival.imported or now - arrival.happened_at > OLD else "live"


def settled(who: IncomingEvent, stated: Sequence[Identity], links: Mapping[Identity, Link]) -> Link | None:
    """Whose an event is, when nothing can follow from that: it tells nothing of its contact, and all that it
    is recognised by is one contact's already. None when that has to be decided.
    """
    if who.traits or who.previous_id is not None or who.phone or who.tags:
        return None
    holder = links.get(stated[0])
    if holder is None:
        return None
    for identity in stated[1:]:
        other = links.get(identity)
        if other is None or other.contact_id != holder.contact_id:
            return None
    return holder
