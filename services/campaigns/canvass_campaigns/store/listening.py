"""Memory of what campaigns listen for: read anew when somebody has published or paused, else kept in mind."""

from dataclasses import dataclass

from canvass_runtime.db import Tx
from sqlalchemy import exists, select

from canvass_campaigns.domain.listening import Listening
from canvass_campaigns.store.definitions import read_campaigns
from canvass_campaigns.tables import campaigns, generation, journeys, versions


@dataclass(slots=True)
class _Known:
    number: int = -1
    listening: Listening | None = None


_known = _Known()


async def read_listening(tx: Tx) -> Listening:
    """What published campaigns, and the versions that are walked yet, listen for."""
    number = await tx.scalar(select(generation.c.number)) or 0
    if _known.listening is None or _known.number != number:
        _known.listening, _known.number = await _read(tx), number
    return _known.listening


def forget_listening() -> None:
    """For tests, which empty the database."""
    _known.listening, _known.number = None, -1


async def _read(tx: Tx) -> Listening:
    """Of older versions those count that are walked yet, or may be: by who entered them at this moment."""
    walked = exists().where(
        journeys.c.campaign == versions.c.campaign,
        journeys.c.version == versions.c.version,
        journeys.c.ended_at.is_(None),
    )
    query = (
        select(versions.c.campaign, versions.c.version, campaigns.c.version, campaigns.c.status)
        .join(campaigns, campaigns.c.key == versions.c.campaign)
        .where((versions.c.version >= campaigns.c.version - 1) | walked)
    )
    found = await tx.all(query)
    read = await read_campaigns(tx, {(key, version) for key, version, _, _ in found})
    published = {
        key: read[key, version]
        for key, version, newest, status in found
        if status == "published" and version == newest
    }
    return Listening(published, list(read.values()))
