"""Memory of how many contacts did what: batches add changes side by side, so that none waits for another."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from canvass_runtime.db import Tx, rows
from sqlalchemy import (
    BigInteger,
    Float,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from canvass_campaigns.tables import tallies

Tally = tuple[str, str, str]
"""A campaign, a step of it (empty: all of it), and what: waiting, entered, ended, an outcome."""


def entered_on(day: date) -> str:
    """What is counted of those who enter on a day, in UTC."""
    return f"entered {day}"


SUM_FROM, SUM_AT_ONCE = 50, 10_000

_COLUMNS = {"campaign": Text(), "step": Text(), "what": Text(), "count": BigInteger()}


async def add(tx: Tx, changes: Mapping[Tally, int]) -> None:
    """Count these changes."""
    if given := [(*tally, count) for tally, count in sorted(changes.items()) if count]:
        values = rows("changes", _COLUMNS, given)
        await tx.execute(insert(tallies).from_select(list(_COLUMNS), select(values)))


Counts = Mapping[tuple[str, str], int]
"""How many, by step and what."""


async def read(tx: Tx, campaigns: Collection[str], *, steps: bool) -> Mapping[str, Counts]:
    """The counts of each campaign; without `steps` only those of campaigns as a whole."""
    query = (
        select(tallies.c.campaign, tallies.c.step, tallies.c.what, func.sum(tallies.c.count).cast(BigInteger))
        .where(tallies.c.campaign == bindparam("keys", sorted(campaigns), ARRAY(Text)).any_())
        .group_by(tallies.c.campaign, tallies.c.step, tallies.c.what)
    )
    found: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for campaign, step, what, count in await tx.all(query if steps else query.where(tallies.c.step == "")):
        found[campaign][step, what] = count
    return found


async def sum_up(tx: Tx) -> int:
    """Put many changes into one each; returns how many. Who reads meanwhile sees them or their sum."""
    some = select(tallies.c.id).where(~tallies.c.summed).order_by(tallies.c.id).limit(SUM_AT_ONCE)
    taken = set(await tx.scalars(some.with_for_update(skip_locked=True)))
    if len(taken) < SUM_FROM:
        return 0
    gone = rows("gone", {"id": BigInteger()}, [(id_,) for id_ in sorted(taken)])
    same = (
        select(tallies.c.campaign, tallies.c.step, tallies.c.what)
        .where(tallies.c.id.in_(select(gone.c.id)))
        .distinct()
        .cte("same")
    )
    sums = (
        select(tallies.c.id)
        .join(
            same,
            (tallies.c.campaign == same.c.campaign)
            & (tallies.c.step == same.c.step)
            & (tallies.c.what == same.c.what),
        )
        .where(tallies.c.summed)
        .with_for_update(of=tallies, skip_locked=True)
    )
    earlier = set(await tx.scalars(sums))
    every = rows("every", {"id": BigInteger()}, [(id_,) for id_ in sorted(taken | earlier)])
    removed = (
        delete(tallies)
        .where(tallies.c.id.in_(select(every.c.id)))
        .returning(tallies.c.campaign, tallies.c.step, tallies.c.what, tallies.c.count)
        .cte("removed")
    )
    total = select(
        removed.c.campaign,
        removed.c.step,
        removed.c.what,
        func.sum(removed.c.count).cast(BigInteger),
        true(),
    ).group_by(removed.c.campaign, removed.c.step, removed.c.what)
    await tx.execute(insert(tallies).from_select([*_COLUMNS, "summed"], total))
    return len(taken)


def next_summing(_: object) -> Select[Any]:
    """Now, when there is enough to be worth it."""
    enough = exists(select(tallies.c.id).where(~tallies.c.summed).offset(SUM_FROM))
    return select(literal(0.0, Float)).where(enough)
