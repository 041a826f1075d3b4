"""The limit of storing events: the very rows that tracking wrote, by COPY, into tables like its own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aio_pika
import asyncpg
from canvass_messaging.topology import queue_name

SCHEMA = "copied"
ROWS_A_COPY = 10_000
_KEPT = ("messages", "contacts", "identities")

_COLUMNS = """
SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
"""What is written: PostgreSQL makes the others itself, and takes none."""

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What tracking wrote for a number of events, by table."""

    events: int
    rows: dict[str, list[Row]]


async def read(database_url: str, rabbitmq_url: str, events: int) -> Written:
    """What was written for about so many events; what was in the outbox is found in a queue by now."""
    outbox = await _said(rabbitmq_url, events)
    events = sum(row[4] for row in outbox)
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        all_events = await connection.fetchval("SELECT count(*) FROM tracking.messages")
        rows = {name: await _share(connection, name, events / all_events) for name in _KEPT}
    finally:
        await connection.close()
    return Written(events, rows | {"outbox": outbox})


async def copy(database_url: str, written: Written) -> dict[str, float]:
    """Seconds that COPY takes for the rows of each table, every chunk committed."""
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        await connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        for table in written.rows:
            await connection.execute(f"CREATE TABLE {SCHEMA}.{table} (LIKE tracking.{table} INCLUDING ALL)")
        return {table: await _copy(connection, table, rows) for table, rows in written.rows.items()}
    finally:
        await connection.close()


async def _copy(connection: asyncpg.Connection, table: str, rows: list[Row]) -> float:
    columns = await connection.fetchval(_COLUMNS, f"{SCHEMA}.{table}")
    began = time.perf_counter()
    for start in range(0, len(rows), ROWS_A_COPY):
        chunk = rows[start : start + ROWS_A_COPY]
        await connection.copy_records_to_table(table, schema_name=SCHEMA, columns=columns, records=chunk)
    return time.perf_counter() - began


async def _share(connection: asyncpg.Connection, table: str, share: float) -> list[Row]:
    """As many rows of the table as come with that share of all events."""
    count = await connection.fetchval(f"SELECT count(*) FROM tracking.{table}")
    columns = ", ".join(await connection.fetchval(_COLUMNS, f"tracking.{table}"))
    limit = round((count or 0) * share)
    rows = await connection.fetch(f"SELECT {columns} FROM tracking.{table} LIMIT {limit}")
    return [tuple(row) for row in rows]


async def _said(rabbitmq_url: str, events: int) -> list[Row]:
    """Rows of the outbox as they were, from the queue of somebody who hears all of tracking's behaviours."""
    rows: list[Row] = []
    found, now = 0, datetime.now(UTC)
    async with await aio_pika.connect(rabbitmq_url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=500)
        queue = await channel.get_queue(queue_name("segments", "live"))
        async with queue.iterator(no_ack=True, timeout=10) as messages:
            async for message in messages:
                count = message.headers["events"]
                assert isinstance(count, int)
                id_ = UUID(message.message_id)
                rows.append((len(rows), id_, message.type, "live", count, message.body, now, now))
                found += count
                if found >= events:
                    break
    return rows
