"""Bringing one service's schema to its newest revision, and seeing that revision and tables agree."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

from alembic import command, context
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from canvass_runtime.addresses import asyncpg_url

T = TypeVar("T")


def migrate(database_url: str, package: str, schema: str) -> None:
    """Run the revisions of `<package>/migrations` that this database has not seen, each in a transaction.

    Many may call this at once: one works, the others wait for it. A revision that waits longer than 5
    seconds for a lock gives up (and holds nobody up); run it again. Blocking; a loop may run.
    """
    _connected(database_url, lambda connection: _upgrade(connection, package, schema))


def env_main(metadata: MetaData) -> None:
    """All of a service's `migrations/env.py`: alembic calls it, with the connection that `migrate` holds."""
    connection: Connection = context.config.attributes["connection"]
    schema: str = context.config.attributes["schema"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=schema,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def differences(database_url: str, metadata: MetaData, schema: str) -> str:
    """What a migration would have to say for the database to be as `metadata` has it; empty when they agree.

    For a test in every service (head == metadata), and for whoever writes the next revision.
    """
    return _connected(database_url, lambda connection: connection.run_sync(_differences, metadata, schema))


def _connected(database_url: str, work: Callable[[AsyncConnection], Any]) -> Any:
    """Run `work` with a connection outside any pool, in a loop of its own."""

    async def run() -> Any:
        engine = create_async_engine(
            asyncpg_url(database_url), poolclass=NullPool, connect_args={"timeout": 5}
        )
        async with engine.connect() as connection:
            return await work(connection)

    with ThreadPoolExecutor(1, "migrations") as thread:
        return thread.submit(asyncio.run, run()).result()


async def _upgrade(connection: AsyncConnection, package: str, schema: str) -> None:
    await connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": f"canvass.{schema}"})
    if await connection.scalar(text("SELECT to_regnamespace(:schema) IS NULL"), {"schema": schema}):
        await connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    await connection.execute(text("SET lock_timeout = '5s'"))
    await connection.commit()
    await connection.run_sync(_run, _config(package, schema))


def _run(connection: Connection, config: Config) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")  # the service's own line, and that of its messaging tables


def _config(package: str, schema: str) -> Config:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is no package")
    tree = Path(spec.submodule_search_locations[0]) / "migrations"
    config = Config()
    config.set_main_option("script_location", str(tree).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["schema"] = schema
    return config


def _differences(connection: Connection, metadata: MetaData, schema: str) -> str:
    migration = MigrationContext.configure(connection, opts=_comparison(connection, schema, metadata))
    if not compare_metadata(migration, metadata):
        return ""
    return render_python_code(_first(produce_migrations(migration, metadata).upgrade_ops_list))


def _first(operations: list[T]) -> T:
    return operations[0]


def _comparison(connection: Connection, schema: str, metadata: MetaData) -> dict[str, Any]:
    """A service sees its own schema, and of partitioned tables the parents: partitions come and go."""
    query = text(
        "SELECT relname FROM pg_class WHERE relispartition AND relnamespace = to_regnamespace(:schema)"
    )
    partitions = set(connection.scalars(query, {"schema": schema}))

    def ours(name: str | None, kind: str, _: Any) -> bool:
        if kind == "schema":
            return name == schema
        return kind != "table" or name not in partitions

    return {
        "target_metadata": metadata,
        "version_table_schema": schema,  # so that the table of revisions is no difference
        "include_schemas": True,
        "include_name": ours,
        "compare_type": True,
        "compare_server_default": True,
    }
