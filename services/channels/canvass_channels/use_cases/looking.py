"""People look at deliveries: where each stands, and what it waits for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx

from canvass_channels.domain.admission import NO_SENDER
from canvass_channels.store import definitions, deliveries
from canvass_channels.store.definitions import Sender
from canvass_channels.store.ledger_rows import Standing

from .intake import DEFAULT_SENDER


async def of_contact(
    tx: Tx, contact_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[Standing]:
    """A contact's deliveries, the youngest first."""
    return await _with_reasons(tx, await deliveries.list_deliveries(tx, contact_id, before, limit))


async def at_one(tx: Tx, effect_id: UUID) -> Standing | None:
    """One delivery; None when there is none."""
    found = await deliveries.read_delivery(tx, effect_id)
    return (await _with_reasons(tx, [found]))[0] if found else None


async def _with_reasons(tx: Tx, found: Sequence[Standing]) -> list[Standing]:
    """Without a sender nothing is claimed, so that no reason stands in the ledger itself."""
    waiting = any(one.entry.delivery.state == "planned" for one in found)
    if not waiting or await definitions.read(tx, Sender, DEFAULT_SENDER):
        return list(found)
    return [_without_sender(one) if one.entry.delivery.state == "planned" else one for one in found]


def _without_sender(one: Standing) -> Standing:
    delivery = replace(one.entry.delivery, reason=NO_SENDER)
    return replace(one, entry=replace(one.entry, delivery=delivery))
