"""How many are in each segment is kept up as they enter and leave; what has gathered is added up."""

from datetime import datetime

from canvass_runtime.db import Database

from canvass_segments.store import tallies


async def fold(database: Database, _now: datetime) -> int:
    """Add up once; what gathers meanwhile is for the next time."""
    async with database.transaction() as tx:
        await tallies.fold(tx)
    return 0
