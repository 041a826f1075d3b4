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
from canvass_schemas.ids import derived
from canvass_schemas.tracking import (
    ContactChanged,
    ContactChangedData,
    ContactMerged,
    ContactMergedData,
    EmailOpened,
    EventTracked,
    FormMessageWanted,
    FormSubmitted,
    LinkClicked,
    PageViewed,
)
from canvass_schemas.wire import Lane, write

from canvass_tracking.domain.arrivals import (
    Arrival,
    Happening,
    Link,
    PageView,
    Reaction,
    Submission,
    Unconfirmed,
    lane_of,
)
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
    """Say what was done, by whom, or is to be confirmed. Nearly all that tracking says is said here: it is
    written, not made.
    """
    traceparent = current_traceparent()
    said: defaultdict[tuple[type[Fact[Any]], Lane], list[bytes]] = defaultdict(list)
    for number, (arrival, contact) in enumerate(zip(arrivals, whose, strict=True), 1):
        if arrival.what is not None:
            fact, data = _said(arrival, contact)
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


def _said(arrival: Arrival, contact: Link) -> tuple[type[Fact[Any]], dict[str, Any]]:
    if isinstance(arrival.what, Unconfirmed):
        return FormMessageWanted, _wanted(arrival.what, contact)
    data: dict[str, Any] = {"message_id": arrival.message_id, "contact_known": contact.identified}
    if contact.identified:  # nobody is told of the others, and would wait for ever to know them so well
        data["contact_revision"] = contact.revision
    if arrival.context:
        data["context"] = arrival.context
    match arrival.what:
        case PageView() as what:
            data |= _told(what)
            return PageViewed, data
        case Happening() as what:
            data |= {"name": what.name, "properties": what.properties}
            return EventTracked, data
        case Submission() as what:
            data |= {"form": what.form, "properties": what.answers}
            return FormSubmitted, data
        case Reaction() as what:
            data |= _told(what)
            return (EmailOpened if what.url is None else LinkClicked), data
        case None:
            raise TypeError("nothing was done")
        case _:
            assert_never(arrival.what)


def _told(what: PageView | Reaction) -> dict[str, Any]:
    return {name: value for name, value in what._asdict().items() if value is not None}


def _wanted(what: Unconfirmed, contact: Link) -> dict[str, Any]:
    return {
        "contact_revision": contact.revision,
        "effect_id": derived("form confirmation", what.mark.hex()),
        "channel": "email",
        "template": what.template,
        "message_class": "transactional",
        "values": {"confirm_url": what.link, "form": what.name},
        "form": what.form,
    }
