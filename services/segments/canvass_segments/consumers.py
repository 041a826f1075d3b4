"""Door 2, facts: what `segments` hears, in its own words."""

from collections.abc import Sequence
from typing import Any

from canvass_messaging.consumers import Consumers
from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact
from canvass_schemas.points import ScoreChanged
from canvass_schemas.tracking import ContactChanged, ContactMerged, EventTracked, PageViewed

from canvass_segments import tables
from canvass_segments.domain.model import Behaviour, Merge, Person, Score
from canvass_segments.use_cases import hearing

consumers = Consumers("segments", contacts=tables.contacts)


@consumers.on(PageViewed)
async def page_viewed(tx: Tx, events: Sequence[PageViewed]) -> None:
    """Contacts have looked at pages."""
    await hearing.behave(tx, [_page(event) for event in events], _by_id(events))


@consumers.on(EventTracked)
async def event_tracked(tx: Tx, events: Sequence[EventTracked]) -> None:
    """Contacts have done what the sender gave a name."""
    await hearing.behave(tx, [_event(event) for event in events], _by_id(events))


@consumers.on(ContactChanged)
async def contact_changed(tx: Tx, events: Sequence[ContactChanged]) -> None:
    """Contacts are new, or known better."""
    await hearing.change(tx, [_person(event) for event in events], _by_id(events))


@consumers.on(ScoreChanged)
async def score_changed(tx: Tx, events: Sequence[ScoreChanged]) -> None:
    """Contacts have earned or lost points."""
    scores = [Score(event.subject, event.id, event.data.score, event.data.revision) for event in events]
    await hearing.score(tx, scores, _by_id(events))


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    """Contacts were others all along."""
    merges = [Merge(event.subject, event.data.into, event.id) for event in events]
    await hearing.merge(tx, merges, _by_id(events))


def _page(event: PageViewed) -> Behaviour:
    data = event.data
    return Behaviour(
        event.subject, event.time, event.id, "page_viewed", data.path, data.properties, data.url, data.title
    )


def _event(event: EventTracked) -> Behaviour:
    data = event.data
    return Behaviour(event.subject, event.time, event.id, "event_tracked", data.name, data.properties)


def _person(event: ContactChanged) -> Person:
    data = event.data
    return Person(event.subject, event.id, data.revision, data.user_id, data.email, data.attributes)


def _by_id(events: Sequence[Fact[Any]]) -> hearing.Causes:
    return {event.id: event for event in events}
