"""The door out: what was decided, as facts."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, assert_never, cast

from canvass_messaging.outbox import say, say_dumped
from canvass_runtime.db import Tx
from canvass_runtime.telemetry import current_traceparent
from canvass_schemas.envelope import Fact
from canvass_schemas.tracking import (
    ContactChanged,
    ContactChangedData,
    ContactMerged,
    ContactMergedData,
    EventTracked,
    PageViewed,
)
from canvass_schemas.wire import Lane, write

from canvass_tracking.domain.arrivals import Arrival, Happening, Link, PageView, lane_of
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
        phone=contact.phone,
        tags=list(contact.tags),
        attributes=cast("dict[str, Any]", contact.attributes),
        created_at=contact.created_at,
        identified_at=contact.identified_at,
    )


async def behaviours(tx: Tx, arrivals: Sequence[Arrival], whose: Sequence[Link], now: datetime) -> None:
    """Say what was done, by whom. Nearly all that tracking says is said here: it is written, not made."""
    traceparent = current_traceparent()
    said: defaultdict[tuple[type[Fact[Any]], Lane], list[bytes]] = defaultdict(list)
    for number, (arrival, contact) in enumerate(zip(arrivals, whose, strict=True), 1):
        if arrival.what is not None:
            fact, data = _behaviour(arrival.message_id, arrival.what, contact)
            if arrival.context:
                data["context"] = arrival.context
            said[fact, lane_of(arrival, now)].append(
                write(
                    fact,
                    data,
                    subject=contact.contact_id,
                    time=arrival.happened_at,
                    traceparent=traceparent,
                )
            )
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)  # requests are read meanwhile
    await say_dumped(tx, messaging.outbox, said)


def _behaviour(
    message_id: str, what: PageView | Happening, contact: Link
) -> tuple[type[Fact[Any]], dict[str, Any]]:
    data: dict[str, Any] = {"message_id": message_id, "contact_known": contact.identified}
    if contact.identified:  # nobody is told of the others, and would wait for ever to know them so well
        data["contact_revision"] = contact.revision
    match what:
        case PageView():
            data |= {name: value for name, value in what._asdict().items() if value is not None}
            return PageViewed, data
        case Happening():
            data |= {"name": what.name, "properties": what.properties}
            return EventTracked, data
        case _:
            assert_never(what)
