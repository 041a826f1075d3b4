"""Where events come from."""

from canvass_runtime.db import Tx

from canvass_tracking.store import sources
from canvass_tracking.store.sources import Source


async def put_source(
    tx: Tx, key: str, name: str, *, trusted: bool, write_key: str, phone_region: str | None = None
) -> Source:
    """Make a source with this write key, or change the one that is there, which keeps its own."""
    told = {"trusted": trusted, "write_key": write_key, "phone_region": phone_region}
    return await sources.put_source(tx, key, name, **told)


async def list_sources(tx: Tx, after: str | None, limit: int) -> list[Source]:
    """Sources, by key."""
    return await sources.read_sources(tx, after, limit)
