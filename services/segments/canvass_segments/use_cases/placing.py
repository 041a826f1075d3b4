"""Contacts are put into segments, or out of them, by hand: it stays so whatever the rules say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from canvass_messaging.consumers import Unworkable
from canvass_messaging.contacts import lock
from canvass_runtime.db import Tx
from canvass_runtime.errors import NotFound
from canvass_schemas.envelope import Fact

from canvass_segments import announce
from canvass_segments.domain.model import SegmentKey, Wish
from canvass_segments.store import memberships
from canvass_segments.store.contacts import exists
from canvass_segments.store.definitions import definitions
from canvass_segments.tables import contacts


async def place(tx: Tx, wishes: Sequence[Wish], causes: Mapping[UUID, Fact[Any]]) -> None:
    """Others want contacts, which are locked, in segments or out of them.

    Raises Unworkable where there is no such segment.
    """
    known = (await definitions.today(tx)).definitions
    if missing := {wish.segment for wish in wishes} - known.keys():
        raise Unworkable(f"there is no segment {sorted(missing)}: make it, and replay this")
    latest = _latest(wishes)
    reasons = {pair: causes[wish.event_id] for pair, wish in latest.items() if wish.event_id}
    await announce.changed(tx, await memberships.fix(tx, list(latest.values())), reasons)


async def place_one(tx: Tx, wish: Wish) -> None:
    """Somebody wants a contact in a segment that there is, or out of it. Raises NotFound for no contact."""
    if not await exists(tx, wish.contact_id):
        raise NotFound(f"Nobody has told us of a contact {wish.contact_id}.")
    today = (await lock(tx, contacts, [wish.contact_id])).today(wish.contact_id)
    changed = await memberships.fix(tx, [replace(wish, contact_id=today)])
    await announce.changed(tx, changed, {})


async def inherit(
    tx: Tx, said: Sequence[Wish], winners: Mapping[UUID, UUID], causes: Mapping[UUID, Fact[Any]]
) -> None:
    """What was said by hand of contacts that were others all along holds for those."""
    if not said:
        return
    latest = _latest(replace(wish, contact_id=winners[wish.contact_id]) for wish in said)
    told = {winner: causes[loser] for loser, winner in winners.items()}
    reasons = {pair: told[pair[0]] for pair in latest}
    await announce.changed(tx, await memberships.fix(tx, list(latest.values())), reasons)


def _latest(wishes: Iterable[Wish]) -> dict[tuple[UUID, SegmentKey], Wish]:
    """Of what was said of one contact and segment, what counts: as `fix` has it."""
    in_order = sorted(wishes, key=lambda wish: (wish.at, wish.member))
    return {(wish.contact_id, wish.segment): wish for wish in in_order}
