"""What was taken already. A repeat is known for a week after the first was received, whatever its own day."""

from collections.abc import Sequence
from datetime import date, timedelta

from canvass_runtime.db import Tx
from canvass_runtime.partitions import Partitioned
from sqlalchemy import text

from canvass_tracking.domain.arrivals import Arrival
from canvass_tracking.tables import messages

KEPT_DAYS = 7

# Nothing is dropped for its own day alone: `forget` sees to that.
partitioned = Partitioned(messages, "day", keep_days=None)

# Said to the driver itself, as this runs for every commit of the edge: SQLAlchemy would cost more than
# PostgreSQL does. NOT IN, as it is hashed whatever the planner believes of the arrays' length.
_KEEP = """
WITH given AS (
    SELECT * FROM unnest($1::date[], $2::uuid[]) WITH ORDINALITY AS given (day, mark, n)
), kept AS (
    INSERT INTO tracking.messages (day, mark, received_on)
    SELECT day, mark, $3 FROM given
    ON CONFLICT DO NOTHING
    RETURNING day, mark
)
SELECT n FROM given WHERE (day, mark) NOT IN (SELECT day, mark FROM kept)
"""


async def keep_new(tx: Tx, arrivals: Sequence[Arrival], received_on: date) -> list[Arrival]:
    """Remember the arrivals as taken; returns those that were not taken before, each once, in their order.

    Waits for a transaction that is taking one of the same at this moment, and learns how it ended.
    """
    # Everyone takes rows in the same order: so nothing deadlocks.
    given = sorted({arrival[:2] for arrival in arrivals})
    repeated = await tx.driver.fetch(_KEEP, *map(list, zip(*given, strict=True)), received_on)
    if not repeated and len(given) == len(arrivals):
        return list(arrivals)
    fresh = set(given).difference(given[row[0] - 1] for row in repeated)
    return [arrival for arrival in arrivals if _taken_out(fresh, arrival[:2])]


def _taken_out(fresh: set[tuple[date, str]], key: tuple[date, str]) -> bool:
    """Whether it was in there: the first of several with one key counts, the others repeat it."""
    if key in fresh:
        fresh.remove(key)
        return True
    return False


async def forget(tx: Tx, today: date) -> int:
    """Forget what was received more than a week ago; returns how many partitions were dropped.

    What an old partition took lately (of late events) moves to DEFAULT first. Give it a transaction of its
    own: it waits a second at most for a lock that would hold up all others, and fails if it does not get it.
    """
    await tx.execute(text("SET LOCAL lock_timeout = '1s'"))
    last = today - timedelta(days=KEPT_DAYS)
    old = [day for day in await _days(tx) if day < last]
    for day in old:
        await _fold(tx, day, last)
    default = partitioned.partition(None)
    await tx.execute(text(f"DELETE FROM {default} WHERE received_on < :last"), {"last": last})  # noqa: S608
    return len(old)


async def _fold(tx: Tx, day: date, last: date) -> None:
    name, parent = partitioned.partition(day), partitioned.parent
    await tx.execute(text(f"ALTER TABLE {parent} DETACH PARTITION {name}"))
    moved = f"INSERT INTO {parent} SELECT * FROM {name} WHERE received_on >= :last"  # noqa: S608
    await tx.execute(text(moved), {"last": last})
    await tx.execute(text(f"DROP TABLE {name}"))


async def _days(tx: Tx) -> list[date]:
    query = text(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = to_regclass(:parent)"
    )
    names = await tx.scalars(query, {"parent": partitioned.parent})
    suffixes = [name.removeprefix(f"{messages.name}_p") for name in names]
    return [date.fromisoformat(suffix) for suffix in suffixes if suffix.isdigit()]
