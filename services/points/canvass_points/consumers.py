"""Door 2, facts: what `points` hears, in its own words."""

from collections.abc import Sequence
from typing import Any

from canvass_messaging.consumers import Consumers
from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact
from canvass_schemas.tracking import ContactMerged, EventTracked, PageViewed

from canvass_points import tables
from canvass_points.domain.model import Behaviour, Merge
from canvass_points.use_cases import earning

consumers = Consumers("points", contacts=tables.contacts)


@consumers.on(PageViewed)
async def page_viewed(tx: Tx, events: Sequence[PageViewed]) -> None:
    """Contacts have looked at pages."""
    done = [Behaviour(one.id, one.subject, "page_viewed", one.data.path, one.time) for one in events]
    await earning.earn(tx, done, _by_id(events))


@consumers.on(EventTracked)
async def event_tracked(tx: Tx, events: Sequence[EventTracked]) -> None:
    """Contacts have done what the sender gave a name."""
    done = [Behaviour(one.id, one.subject, "event_tracked", one.data.name, one.time) for one in events]
    await earning.earn(tx, done, _by_id(events))


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    """Contacts were others all along."""
    await earning.merge(tx, [Merge(one.subject, one.data.into, one.id) for one in events], _by_id(events))


def _by_id(events: Sequence[Fact[Any]]) -> earning.Causes:
    return {event.id: event for event in events}
