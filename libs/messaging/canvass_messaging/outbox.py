"""The only way out: what is said in a transaction leaves when, and only when, it commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from canvass_runtime.telemetry import current_traceparent
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import uuid7
from canvass_schemas.wire import MAX_EVENTS, Lane, bodies, pack
from sqlalchemy import BigInteger, Table, delete, func, select, text, update

from .failpoints import failpoint
from .timers import wake

_COLUMNS = ("message_id", "type", "lane", "events", "body")


BULK_TIMER = "relay.bulk"

# The process that commits a live row publishes it from memory; bulk is metered out of the table.
_HOLD = "CASE lane WHEN 'live' THEN interval '2 seconds' ELSE interval '0' END"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One wire message: a JSON array of events of one type (`events` of them) for one lane."""

    id: int
    message_id: UUID
    type: str
    lane: str
    events: int
    body: bytes

    @property
    def routing_key(self) -> str:
        return f"{self.type}.{self.lane}"


async def say(tx: Tx, outbox: Table, facts: Sequence[Fact[Any]]) -> None:
    """Say facts when, and only when, the caller's transaction commits, in the transaction's lane.

    Facts of one type are packed into as few wire messages as the limits allow (500 events, 256 KB), in one
    statement whatever their number.
    """
    if facts:
        groups = groupby(sorted(_traced(facts), key=_type), key=_type)
        await _say(tx, outbox, {(kind, tx.lane): bodies(list(group)) for kind, group in groups})


async def say_dumped(
    tx: Tx, outbox: Table, dumped: Mapping[tuple[type[Fact[Any]], Lane], Sequence[bytes]]
) -> None:
    """As `say`, for facts that `wire.write` has dumped one by one: by their class, and lane to go by."""
    if any(dumped.values()):
        packed = {(fact.TYPE, lane): pack(parts) for (fact, lane), parts in dumped.items()}
        await _say(tx, outbox, packed)


async def _say(tx: Tx, outbox: Table, packed: Mapping[tuple[str, str], Iterable[tuple[int, bytes]]]) -> None:
    messages = [
        (uuid7(), kind, lane, count, body) for (kind, lane), parts in packed.items() for count, body in parts
    ]
    ids = await _insert(tx, outbox, messages)
    tx.outgoing.extend(OutboxRow(ids[message[0]], *message) for message in messages)
    if any(lane == "bulk" for _, lane in packed):
        wake(tx, BULK_TIMER)
    failpoint("outbox.before_commit")


def _traced(facts: Sequence[Fact[Any]]) -> Sequence[Fact[Any]]:
    """The facts, of which those that no fact has caused belong to the trace that we are in, if any."""
    here = current_traceparent()
    if here is None:
        return facts
    return [f if f.traceparent else f.model_copy(update={"traceparent": here}) for f in facts]


def _type(fact: Fact[Any]) -> str:
    return fact.type


async def _insert(tx: Tx, outbox: Table, messages: Sequence[tuple[Any, ...]]) -> dict[UUID, int]:
    # Said to the driver itself: every batch of every service ends here, and SQLAlchemy costs far more.
    columns = map(list, zip(*messages, strict=True))
    return dict(await tx.driver.fetch(_inserting(outbox.fullname), *columns))


@cache
def _inserting(outbox: str) -> str:
    columns = ", ".join(_COLUMNS)
    return f"""
        INSERT INTO {outbox} ({columns}, held_until)
        SELECT {columns}, now() + {_HOLD}
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::bytea[]) AS said ({columns})
        RETURNING message_id, id
    """  # noqa: S608 - names of our own


async def adopt(tx: Tx, outbox: Table, lane: str, limit: int, events: int | None = None) -> list[OutboxRow]:
    """Take over rows that nobody holds any longer, for ten seconds: `limit` of them, of `events` at most.

    The hold is a courtesy, not a lock: no transaction is open while the broker confirms, and two relays
    that publish the same row say the same message twice, which every inbox refuses.
    """
    free = (
        select(outbox.c.id, outbox.c.events)
        .where(outbox.c.lane == lane, outbox.c.held_until <= func.now())
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    so_far = select(free.c.id, func.sum(free.c.events).over(order_by=free.c.id).label("events")).subquery()
    taken = select(so_far.c.id).where(so_far.c.events <= (events or limit * MAX_EVENTS))
    statement = (
        update(outbox)
        .where(outbox.c.id.in_(taken))
        .values(held_until=text("now() + interval '10 seconds'"))
        .returning(*[outbox.c[name] for name in ("id", *_COLUMNS)])
    )
    return sorted((OutboxRow(*row) for row in await tx.execute(statement)), key=lambda row: row.id)


async def forget(tx: Tx, outbox: Table, ids: Sequence[int]) -> None:
    """Delete rows that the broker has confirmed. Lost in a crash, they are said again: hence no fsync."""
    await tx.execute(text("SET LOCAL synchronous_commit = off"))
    gone = rows("confirmed", {"id": BigInteger()}, [(id_,) for id_ in ids])
    await tx.execute(delete(outbox).where(outbox.c.id.in_(select(gone.c.id))))
