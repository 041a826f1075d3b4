"""The database before any service has touched it: one role and one schema each, and no way across."""

from collections.abc import Mapping
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from . import services
from .postgres_binaries import LEAST_VERSION
from .trouble import Trouble

NAME = "canvass"
_LOCK = 0x63616E76
"""Two bootstraps of one database wait for each other."""


def with_name(url: str) -> str:
    """The URL, of the database `canvass` when it names none."""
    parts = urlsplit(url)
    return url if parts.path.strip("/") else urlunsplit(parts._replace(path=f"/{NAME}"))


def service_url(url: str, name: str, password: str) -> str:
    """The same database as a service's role."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{services.role(name)}:{quote(password, safe='')}@{host}"))


async def prepare(url: str, passwords: Mapping[str, str], *, new_passwords: bool) -> None:
    """Make what is not there: the database, and for every service of `passwords` its role and schema.

    `url` is of somebody who may do so. Roles that exist keep their password unless `new_passwords`: another
    deployment may be using them. Raises `Trouble` when such a role does not let us in.
    """
    database = urlsplit(url).path.strip("/")
    await _make_database(url, database)
    connection = await _connected(url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            await _close_to_strangers(connection, database)
            for name, password in passwords.items():
                await _make_role(connection, services.role(name), password, new=new_passwords)
                await _make_room(connection, database, services.role(name), name)
    finally:
        await connection.close()
    for name, password in passwords.items():
        await _try(service_url(url, name, password), services.role(name))


async def version(url: str) -> str:
    """The server's version, as "18.6"."""
    connection = await _connected(url)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


async def _connected(url: str) -> asyncpg.Connection:
    """Raises `Trouble` when nobody answers; what a server that answers says passes through."""
    try:
        return await asyncpg.connect(url, timeout=10)
    except OSError as error:
        parts = urlsplit(url)
        raise Trouble(f"No PostgreSQL answers at {parts.hostname}:{parts.port or 5432}: {error}") from None


async def _make_database(url: str, name: str) -> None:
    """Raises `Trouble` when the server is too old."""
    try:
        connection = await _connected(url)
    except asyncpg.InvalidCatalogNameError:
        connection = await _connected(urlunsplit(urlsplit(url)._replace(path="/postgres")))
    try:
        number = connection.get_server_version()
        if number.major < LEAST_VERSION:
            that = f"{number.major}.{number.minor}"
            raise Trouble(f"PostgreSQL {LEAST_VERSION} or later is needed; that one is {that}.")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await _do(connection, "CREATE DATABASE %I", name)
    finally:
        await connection.close()


async def _close_to_strangers(connection: asyncpg.Connection, database: str) -> None:
    await _do(connection, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database)
    await connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")


async def _make_role(connection: asyncpg.Connection, role: str, password: str, *, new: bool) -> None:
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    if not exists:
        await _do(connection, "CREATE ROLE %I LOGIN PASSWORD %L", role, password)
    elif new:
        await _do(connection, "ALTER ROLE %I LOGIN PASSWORD %L", role, password)


async def _make_room(connection: asyncpg.Connection, database: str, role: str, schema: str) -> None:
    if not await connection.fetchval("SELECT pg_has_role(current_user, $1, 'SET')", role):
        await _do(connection, "GRANT %I TO CURRENT_USER", role)
    await _do(connection, "GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I", database, role)
    await _do(connection, "CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I", schema, role)
    await _do(connection, "ALTER ROLE %I IN DATABASE %I SET search_path = %I", role, database, schema)


async def _try(url: str, role: str) -> None:
    try:
        await (await _connected(url)).close()
    except asyncpg.InvalidPasswordError:
        raise Trouble(
            f"The role {role} is there already, with another password than this checkout's. "
            "If no other deployment uses that database: canvass up --new-passwords"
        ) from None


async def _do(connection: asyncpg.Connection, template: str, *words: str) -> None:
    """Run a statement whose names cannot be parameters: PostgreSQL quotes them (%I names, %L literals)."""
    statement = await connection.fetchval("SELECT format($1, VARIADIC $2::text[])", template, list(words))
    await connection.execute(str(statement))
