"""People come in, stay and leave; admins say who may."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound
from canvass_schemas.ids import uuid7

from canvass_campaigns.domain.people import (
    LINK_LASTS,
    SESSION_LASTS,
    LinkKind,
    Person,
    Role,
    came_in,
    failed,
    leaves_no_admin,
    may_try,
)
from canvass_campaigns.store import people as store

_hasher = PasswordHasher()  # argon2id, RFC 9106's low-memory parameters


@dataclass(frozen=True, slots=True)
class Entry:
    """A person who is in, and the secret that keeps their browser in."""

    person: Person
    refresh: str


async def log_in(tx: Tx, email: str, password: str, now: datetime) -> Entry | None:
    """None when e-mail and password do not belong together, or too many were tried; it is not said which."""
    person = await store.find_person(tx, email.strip().lower(), lock=True)
    right = await asyncio.to_thread(_is_right, person.password_hash if person else None, password)
    if person is None or not may_try(person, now):
        return None
    if not (right and person.active):
        await store.keep_attempts(tx, failed(person, now))
        return None
    return await _come_in(tx, person, now)


async def log_in_by_link(tx: Tx, token: str, now: datetime) -> Entry | None:
    """By a one-time login link; None when it is not good (any longer)."""
    used = await store.use_link(tx, _hash(token), now)
    person = await store.read_person(tx, used[0], lock=True) if used and used[1] == "login" else None
    return await _come_in(tx, person, now) if person and person.active else None


async def invited(tx: Tx, token: str, now: datetime) -> Person | None:
    """Whose invitation this is."""
    link = await store.read_link(tx, _hash(token), now)
    return await store.read_person(tx, link[0]) if link and link[1] == "invite" else None


async def accept(tx: Tx, token: str, name: str, password: str, now: datetime) -> Entry | None:
    """An invitation is accepted with a name and a password; None when it is not good (any longer)."""
    used = await store.use_link(tx, _hash(token), now)
    person = await store.read_person(tx, used[0], lock=True) if used and used[1] == "invite" else None
    if person is None or not person.active:
        return None
    hashed = await asyncio.to_thread(_hasher.hash, password)
    person = replace(person, name=name, password_hash=hashed)
    await store.keep_person(tx, person)
    return await _come_in(tx, person, now)


async def stay(tx: Tx, refresh: str, now: datetime) -> Person | None:
    """Whose browser this is, which stays in for as long again; None when it is out."""
    session = await store.session_of(tx, _hash(refresh), now)
    person = await store.read_person(tx, session[1]) if session else None
    if session is None or person is None or not person.active:
        return None
    await store.prolong(tx, session[0], now + SESSION_LASTS)
    return person


async def leave(tx: Tx, refresh: str) -> None:
    """This browser is out."""
    await store.end_session(tx, _hash(refresh))


async def invite(tx: Tx, email: str, name: str, role: Role, now: datetime) -> tuple[Person, str]:
    """A new person, and the secret of the link that lets them choose a password. Raises Conflict."""
    if await store.find_person(tx, email):
        raise Conflict(f"{email} is here already: change their role, or send them a new link.")
    person = Person(uuid7(), email, name, role, active=True, created_at=now, revision=1)
    await store.add_person(tx, person)
    return person, await _link(tx, person, "invite", now)


async def new_link(tx: Tx, id_: UUID, kind: LinkKind, now: datetime) -> str:
    """Another link for a person: to choose a password, or to come in once. Raises NotFound, Invalid."""
    person = await read_person(tx, id_)
    if not person.active:
        raise Invalid(f"{person.email} may not come in: let them in first.")
    return await _link(tx, person, kind, now)


async def first_link(tx: Tx, email: str, now: datetime) -> str:
    """A one-time login link for an admin, who is made if there is nobody of that e-mail yet."""
    person = await store.find_person(tx, email, lock=True)
    if person is None:
        person = Person(uuid7(), email, email.partition("@")[0], "admin", True, now, revision=1)
        await store.add_person(tx, person)
    return await new_link(tx, person.id, "login", now)


async def change(tx: Tx, id_: UUID, *, name: str | None, role: Role | None, active: bool | None) -> Person:
    """Change who somebody is, or whether they may come in. Raises NotFound; Conflict for the last admin."""
    admins = await store.admins(tx)
    person = await read_person(tx, id_, lock=True)
    changed = replace(
        person,
        name=name or person.name,
        role=role or person.role,
        active=person.active if active is None else active,
    )
    if leaves_no_admin(admins, changed):
        raise Conflict("This is the last admin: make somebody else one first.")
    await store.keep_person(tx, changed)
    if not changed.active or changed.role != person.role:
        await store.end_sessions(tx, id_)
    return changed


async def change_password(tx: Tx, id_: UUID, password: str, now: datetime) -> Entry:
    """A new password; every browser is out, and this one in again."""
    person = await read_person(tx, id_, lock=True)
    hashed = await asyncio.to_thread(_hasher.hash, password)
    person = replace(person, password_hash=hashed)
    await store.keep_person(tx, person)
    await store.end_sessions(tx, id_)
    return await _come_in(tx, person, now)


async def read_person(tx: Tx, id_: UUID, *, lock: bool = False) -> Person:
    """Raises NotFound."""
    person = await store.read_person(tx, id_, lock=lock)
    if person is None:
        raise NotFound(f"There is no person {id_}: list them with GET /people.")
    return person


async def _come_in(tx: Tx, person: Person, now: datetime) -> Entry:
    await store.keep_attempts(tx, came_in(person))
    refresh = secrets.token_urlsafe(32)
    await store.add_session(tx, uuid7(), person.id, _hash(refresh), now + SESSION_LASTS)
    return Entry(person, refresh)


async def _link(tx: Tx, person: Person, kind: LinkKind, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    await store.add_link(tx, _hash(token), person.id, kind, now + LINK_LASTS[kind])
    return token


def _hash(secret: str) -> bytes:
    """Of 256 random bits, so that a fast hash is enough."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def _is_right(password_hash: str | None, password: str) -> bool:
    """Takes as long for somebody who is not here, so that the time does not tell who is."""
    try:
        return _hasher.verify(password_hash or _nobodys(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))
