"""What has arrived at the edge is taken in: what visitors do, who they are, how they react to messages."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from canvass_runtime.db import Tx

from canvass_tracking import announce
from canvass_tracking.domain.arrivals import Arrival, Link, Unconfirmed
from canvass_tracking.domain.forms import MAX_CONFIRMATIONS
from canvass_tracking.store import confirmations, contacts, messages
from canvass_tracking.store.confirmations import Waiting
from canvass_tracking.use_cases.recognising import recognise


async def take(tx: Tx, arrivals: Sequence[Arrival], now: datetime) -> int:
    """Take in what has arrived, as far as it was not taken before; returns how many events that were.

    Raises Raced when another process has come first with one of the same visitors: then do it again.
    """
    fresh = await _of_somebody(tx, await messages.keep_new(tx, arrivals, now.date()))
    if not fresh:
        return 0
    whose, identified = await recognise(tx, [one.who for one in fresh], now)
    await announce.contacts(tx, identified, now)
    said = await _without_too_many(tx, list(zip(fresh, whose, strict=True)), now)
    await announce.behaviours(tx, *said, now)
    return len(fresh)


async def _of_somebody(tx: Tx, arrivals: list[Arrival]) -> list[Arrival]:
    """The arrivals, without those of contacts that we have named in a link and that are no more."""
    named = {one.who.contact_id for one in arrivals if one.who.contact_id}
    if not named:
        return arrivals
    there = await contacts.there(tx, named)
    return [one for one in arrivals if one.who.contact_id is None or one.who.contact_id in there]


async def _without_too_many(
    tx: Tx, taken: list[tuple[Arrival, Link]], now: datetime
) -> tuple[Sequence[Arrival], Sequence[Link]]:
    """What is to be said: nobody is asked to confirm more often than is bearable, whoever types their
    address. What they are asked is remembered."""
    asking = [_waiting(arrival, link, now) for arrival, link in taken if _is_asking(arrival)]
    if asking:
        asked = await confirmations.count(tx, {one.contact_id for one in asking}, now)
        bearable: list[Waiting] = []
        for one in asking:
            asked[one.contact_id, one.form] += 1
            if asked[one.contact_id, one.form] <= MAX_CONFIRMATIONS:
                bearable.append(one)
        await confirmations.keep(tx, bearable)
        asked_now = {one.submission_id for one in bearable}
        taken = [one for one in taken if not _is_asking(one[0]) or one[0].message_id in asked_now]
    return [arrival for arrival, _ in taken], [link for _, link in taken]


def _is_asking(arrival: Arrival) -> bool:
    return isinstance(arrival.what, Unconfirmed)


def _waiting(arrival: Arrival, link: Link, now: datetime) -> Waiting:
    what = cast("Unconfirmed", arrival.what)
    return Waiting(what.mark, link.contact_id, what.form, arrival.message_id, what.filled, now)
