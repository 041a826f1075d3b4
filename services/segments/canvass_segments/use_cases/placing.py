"""Contacts are put into segments, or out of them, by hand: it stays so whatever the rules say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_messaging.contacts import lock
from canvass_runtime.db import Tx
from canvass_runtime.errors import NotFound
from canvass_schemas.envelope import Fact

from canvass_segments import announce
from canvass_segments.domain.model import Membership, SegmentKey, Wish
from canvass_segments.store import judging, memberships
from canvass_segments.store.contacts import exists
from canvass_segments.store.definitions import definitions
from canvass_segments.tables import contacts
from canvass_segments.use_cases.settling import settle


class NoSuchSegment(LookupError):
    """Somebody wants a contact in a segment that nobody has defined yet: it is tried again."""


async def place(tx: Tx, wishes: Sequence[Wish], causes: Mapping[UUID, Fact[Any]]) -> None:
    """Others want contacts, which are locked, in segments or out of them.

    Raises NoSuchSegment.
    """
    known = (await definitions.today(tx)).definitions
    if missing := {wish.segment for wish in wishes} - known.keys():
        raise NoSuchSegment(f"there is no segment {min(missing)!r}: PUT /segments/{min(missing)}")
    latest = _latest(wishes)
    reasons = {pair: causes[wish.event_id] for pair, wish in latest.items() if wish.event_id}
    await announce.changed(tx, await memberships.fix(tx, list(latest.values())), reasons)


async def place_one(tx: Tx, wish: Wish) -> Membership:
    """Somebody wants a contact in a segment that there is, or out of it. Raises NotFound for no contact."""
    today = await _locked(tx, wish.contact_id)
    changed = await memberships.fix(tx, [replace(wish, contact_id=today)])
    await announce.changed(tx, changed, {})
    return await _today(tx, today, wish.segment, wish.at)


async def leave_to_the_rules(tx: Tx, segment: SegmentKey, contact_id: UUID, now: datetime) -> Membership:
    """The rules of a segment that there is decide again. Raises NotFound for no contact."""
    today = await _locked(tx, contact_id)
    await memberships.release(tx, today, segment)
    known = await definitions.today(tx)
    await settle(tx, await judging.judge(tx, known, [today], [segment], now), {}, now)
    return await _today(tx, today, segment, now)


async def _locked(tx: Tx, contact_id: UUID) -> UUID:
    if not await exists(tx, contact_id):
        raise NotFound(f"Nobody has told us of a contact {contact_id}.")
    return (await lock(tx, contacts, [contact_id])).today(contact_id)


async def _today(tx: Tx, contact_id: UUID, segment: SegmentKey, now: datetime) -> Membership:
    known = await memberships.read(tx, contact_id, segment)
    return known or Membership(contact_id, segment, member=False, revision=0, since=now)


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
