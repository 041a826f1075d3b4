"""What tracking's figures share: visitors made known, and what was acknowledged held against what is kept."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from tests.bench.installation import Installation

ACQUAINT = {"connections": 8, "bodies": 500, "events_a_body": 100, "seconds": 30.0}
"""A load after which the visitors that come again are known."""


def check_kept(installation: Installation, taken: Sequence[dict[str, Any]]) -> None:
    """Hold what tracking has stored against what the load generator was told in all runs of this figure.

    Forgets it then, so that the next figure begins as this one did. Raises ArithmeticError when anything was
    refused, or when not exactly what was acknowledged is stored.
    """
    refused = [one["refused"] for one in taken if one["refused"]]
    acknowledged = sum(one["acknowledged_events"] for one in taken)
    stored = asyncio.run(_forget(installation))
    installation.empty_queues()
    if refused or stored != acknowledged:
        raise ArithmeticError(f"{acknowledged} events acknowledged, {stored} stored; refused: {refused}")


async def _forget(installation: Installation) -> int:
    connection = await asyncpg.connect(installation.service("tracking").database_url, timeout=10)
    try:
        stored: int = await connection.fetchval("SELECT count(*) FROM tracking.messages")
        await connection.execute("TRUNCATE tracking.messages, tracking.identities, tracking.contacts")
    finally:
        await connection.close()
    return stored
