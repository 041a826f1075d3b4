"""Memory of deliveries: planned once, moved on only from where the mover believes them to be."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_channels.domain.model import Delivery
from canvass_channels.tables import PLANNED, campaigns, consents, deliveries, destinations, templates

from .ledger_rows import (
    MOVED_COLUMNS,
    PLANNED_COLUMNS,
    Candidate,
    Entry,
    Standing,
    moved_row,
    planned_row,
    read_candidate,
    read_entry,
)

Move = tuple[Delivery, Delivery]
"""How a delivery was, and how it is to be."""


async def plan(tx: Tx, entries: Sequence[Entry]) -> None:
    """Remember what is wanted, once however often it is wanted."""
    in_order = sorted(entries, key=lambda entry: entry.delivery.effect_id)
    given = rows("planned", PLANNED_COLUMNS, [planned_row(entry) for entry in in_order])
    planned = select(given, given.c.planned_at.label("due_at"))
    inserting = insert(deliveries).from_select([*PLANNED_COLUMNS, "due_at"], planned)
    await tx.execute(inserting.on_conflict_do_nothing())


async def due(
    tx: Tx, lane: str, before: datetime, limit: int, but: Collection[str]
) -> list[tuple[UUID, UUID]]:
    """Contacts and effects planned to be sent by then, the longest due first. Nothing is locked yet.

    Those `but`, by destination or else by channel, are passed over: enough of them wait already.
    """
    query = (
        select(deliveries.c.contact_id, deliveries.c.effect_id)
        .where(PLANNED, deliveries.c.lane == lane, deliveries.c.due_at <= before)
        .order_by(deliveries.c.due_at)
        .limit(limit)
    )
    if but:
        goes_by = func.coalesce(deliveries.c.destination, deliveries.c.channel)
        query = query.where(goes_by != bindparam("but", sorted(but), ARRAY(Text)).all_())
    return [(row[0], row[1]) for row in await tx.all(query)]


async def read_candidates(
    tx: Tx, effect_ids: Collection[UUID], contact_ids: Collection[UUID]
) -> list[Candidate]:
    """Those of the effects that are planned still, and belong to one of the contacts, which are locked."""
    consent = (consents.c.contact_id == deliveries.c.contact_id) & (
        consents.c.channel == deliveries.c.channel
    )
    query = (
        select(
            deliveries,
            func.coalesce(campaigns.c.rests, False).label("rests"),
            func.coalesce(consents.c.status == "unsubscribed", False).label("unsubscribed"),
            templates.c.revision.label("template_revision"),
            templates.c.channel.label("template_channel"),
            templates.c.sender.label("template_sender"),
            destinations.c.revision.label("destination_revision"),
            destinations.c.kind.label("destination_kind"),
            destinations.c.disabled,
        )
        .outerjoin(campaigns, campaigns.c.campaign == deliveries.c.campaign)
        .outerjoin(consents, consent)
        .outerjoin(templates, templates.c.key == deliveries.c.template)
        .outerjoin(destinations, destinations.c.key == deliveries.c.destination)
        .where(
            deliveries.c.effect_id == bindparam("effects", sorted(effect_ids), ARRAY(Uuid)).any_(),
            deliveries.c.contact_id == bindparam("contacts", sorted(contact_ids), ARRAY(Uuid)).any_(),
            PLANNED,
        )
        .order_by(deliveries.c.due_at)
    )
    return [read_candidate(row) for row in await tx.all(query)]


async def lock_lapsed(tx: Tx, now: datetime, limit: int) -> list[Entry]:
    """Deliveries whose holders have let their leases run out; others at this work are passed over."""
    query = (
        select(deliveries)
        .where(deliveries.c.lease_until <= now)
        .order_by(deliveries.c.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [read_entry(row) for row in await tx.all(query)]


async def move(tx: Tx, moves: Sequence[Move]) -> set[UUID]:
    """Move deliveries on; returns which have moved: not those that somebody else has moved meanwhile.

    One with a lease may be moved to the same place again: a commit that was not answered can be repeated.
    Rows are taken in the order of their effect ids, so that two movers never wait for each other.
    """
    given = rows("moved", MOVED_COLUMNS, [moved_row(*move) for move in moves])
    held = (
        select(given)
        .join(deliveries, deliveries.c.effect_id == given.c.effect_id)
        .order_by(given.c.effect_id)
        .with_for_update(of=deliveries)
        .cte("held")
    )
    as_it_was = (
        (deliveries.c.state == held.c.was)
        & (deliveries.c.attempts == held.c.was_attempts)
        & deliveries.c.lease_until.is_not_distinct_from(held.c.was_leased)
    )
    moved_before = (deliveries.c.state == held.c.state) & (deliveries.c.lease_until == held.c.lease_until)
    values = {name: held.c[name] for name in MOVED_COLUMNS if name in deliveries.c and name != "effect_id"}
    same = deliveries.c.effect_id == held.c.effect_id
    moving = update(deliveries).where(same, or_(as_it_was, moved_before))
    moving = moving.values(**values, changed_at=func.now()).returning(deliveries.c.effect_id)
    return set(await tx.scalars(moving))


async def hand_over(tx: Tx, merges: Iterable[tuple[UUID, UUID]]) -> None:
    """What was wanted for the first of each pair is the second's; in the order in which all take rows."""
    pairs = rows("merges", {"loser": Uuid(), "winner": Uuid()}, sorted(merges))
    held = (
        select(deliveries.c.effect_id, pairs.c.winner)
        .join(pairs, deliveries.c.contact_id == pairs.c.loser)
        .order_by(deliveries.c.effect_id)
        .with_for_update(of=deliveries)
        .cte("held")
    )
    same = deliveries.c.effect_id == held.c.effect_id
    await tx.execute(update(deliveries).where(same).values(contact_id=held.c.winner))


async def bring_forward(tx: Tx, waits_for: ColumnElement[bool]) -> None:
    """What has not been attempted yet and may have waited for something that is there now waits no longer."""
    waiting = PLANNED & (deliveries.c.attempts == 0) & waits_for
    held = (
        select(deliveries.c.effect_id)
        .where(waiting, deliveries.c.due_at > func.now())
        .order_by(deliveries.c.effect_id)
        .with_for_update(skip_locked=True)
        .cte("held")
    )
    same = deliveries.c.effect_id == held.c.effect_id
    await tx.execute(update(deliveries).where(same).values(due_at=func.now()))


def for_template(key: str) -> ColumnElement[bool]:
    """For `bring_forward`: a template was defined."""
    return deliveries.c.template == key


def for_destination(key: str) -> ColumnElement[bool]:
    """For `bring_forward`: a destination was defined."""
    return deliveries.c.destination == key


def for_sender() -> ColumnElement[bool]:
    """For `bring_forward`: a sender was defined, by which any may go now but webhooks."""
    return deliveries.c.channel != "webhook"


async def read_delivery(tx: Tx, effect_id: UUID) -> Standing | None:
    """One delivery by its effect id."""
    row = (await tx.execute(select(deliveries).where(deliveries.c.effect_id == effect_id))).one_or_none()
    return Standing(read_entry(row), row.changed_at) if row else None


async def list_deliveries(
    tx: Tx, contact_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> list[Standing]:
    """A contact's deliveries, the youngest first, those before a position of an earlier page."""
    place = deliveries.c.planned_at, deliveries.c.effect_id
    query = select(deliveries).where(deliveries.c.contact_id == contact_id)
    if before:
        query = query.where(func.row(*place) < func.row(*before))
    ordered = query.order_by(*(column.desc() for column in place)).limit(limit)
    return [Standing(read_entry(row), row.changed_at) for row in await tx.all(ordered)]
