"""The door out: what was decided, as facts."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from canvass_messaging.outbox import say
from canvass_runtime.db import Tx
from canvass_runtime.telemetry import current_traceparent
from canvass_schemas.envelope import Fact
from canvass_schemas.tracking import (
    ContactChanged,
    ContactChangedData,
    ContactMerged,
    ContactMergedData,
    EventTracked,
    EventTrackedData,
    PageViewed,
    PageViewedData,
)

from canvass_tracking.domain.arrivals import Arrival, Happening, Link, PageView
from canvass_tracking.domain.model import Contact, Identified
from canvass_tracking.tables import messaging

_AT_ONCE = 250


async def contacts(tx: Tx, identified: Identified, now: datetime) -> None:
    """Say who was merged, and the whole state of those who have told who they are: others serve nobody."""
    traceparent = current_traceparent()
    facts: list[Fact[Any]] = [
        ContactMerged.of(
            ContactMergedData(into=one.into, revision=one.revision),
            subject=one.loser,
            time=now,
            traceparent=traceparent,
        )
        for one in identified.merges
    ]
    changed = [one for one in identified.changed.values() if one.identified and not one.merged_into]
    facts += [
        ContactChanged.of(_state(one), subject=one.id, time=now, traceparent=traceparent) for one in changed
    ]
    await say(tx, messaging.outbox, facts)


def _state(contact: Contact) -> ContactChangedData:
    return ContactChangedData(
        revision=contact.revision,
        user_id=contact.user_id,
        email=contact.email,
        attributes=cast("dict[str, Any]", contact.attributes),
        created_at=contact.created_at,
        identified_at=contact.identified_at,
    )


async def behaviours(tx: Tx, arrivals: Sequence[Arrival], whose: Sequence[Link]) -> None:
    """Say what was done, by whom."""
    traceparent = current_traceparent()
    facts: list[Fact[Any]] = []
    for begin in range(0, len(arrivals), _AT_ONCE):
        end = begin + _AT_ONCE
        facts += _behaviours(arrivals[begin:end], whose[begin:end], traceparent)
        await asyncio.sleep(0)  # requests are read meanwhile
    await say(tx, messaging.outbox, facts)


def _behaviours(
    arrivals: Sequence[Arrival], whose: Sequence[Link], traceparent: str | None
) -> Iterator[Fact[Any]]:
    for arrival, (contact_id, identified) in zip(arrivals, whose, strict=True):
        match arrival.what:
            case PageView(path, url, title, referrer, properties):
                viewed = PageViewedData(
                    message_id=arrival.message_id,
                    contact_known=identified,
                    path=path,
                    url=url,
                    title=title,
                    referrer=referrer,
                    properties=properties,
                )
                yield PageViewed.of(
                    viewed, subject=contact_id, time=arrival.happened_at, traceparent=traceparent
                )
            case Happening(name, properties):
                tracked = EventTrackedData(
                    message_id=arrival.message_id, contact_known=identified, name=name, properties=properties
                )
                yield EventTracked.of(
                    tracked, subject=contact_id, time=arrival.happened_at, traceparent=traceparent
                )
            case None:
                pass
