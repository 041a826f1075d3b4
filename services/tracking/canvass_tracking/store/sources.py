"""Where events come from, and the keys that they bring."""

from dataclasses import dataclass
from datetime import datetime

from canvass_runtime.db import Tx
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from canvass_tracking.tables import sources


@dataclass(frozen=True, slots=True)
class Source:
    """A website, an app or a server that sends events. `write_key` is public unless it is `trusted`.

    By `secret` the customer's server signs user ids; `phone_region` (`CA`) is of numbers without a country.
    """

    id: int
    key: str
    name: str
    write_key: str
    trusted: bool
    created_at: datetime
    secret: str
    phone_region: str | None = None


async def read_sources(tx: Tx, after: str | None = None, limit: int | None = None) -> list[Source]:
    """Sources by their key, from behind the one called `after`."""
    query = select(sources).order_by(sources.c.key).limit(limit)
    if after is not None:
        query = query.where(sources.c.key > after)
    return [Source(*row) for row in await tx.all(query)]


async def put_source(
    tx: Tx, key: str, name: str, *, trusted: bool, write_key: str, phone_region: str | None = None
) -> Source:
    """Make a source with this write key, or change the one that is there, which keeps its own."""
    told = {"name": name, "trusted": trusted, "phone_region": phone_region}
    inserting = insert(sources).values(key=key, write_key=write_key, **told)
    changed = {name: inserting.excluded[name] for name in told}
    putting = inserting.on_conflict_do_update(index_elements=["key"], set_=changed)
    return Source(*(await tx.execute(putting.returning(*sources.c))).one())
