"""Memory of people, their links and their sessions. Secrets are kept as hashes."""

from dataclasses import astuple, fields
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx
from sqlalchemy import Select, delete, func, insert, select, update

from canvass_campaigns.domain.people import LinkKind, Person
from canvass_campaigns.tables import links, people, sessions

_NAMES = tuple(field.name for field in fields(Person))
_PERSON = [people.c[name] for name in _NAMES]


async def read_person(tx: Tx, id_: UUID, *, lock: bool = False) -> Person | None:
    """One person. With `lock`, nobody else changes them until the transaction ends."""
    return await _one(tx, select(*_PERSON).where(people.c.id == id_), lock=lock)


async def find_person(tx: Tx, email: str, *, lock: bool = False) -> Person | None:
    """By e-mail, in lower case."""
    return await _one(tx, select(*_PERSON).where(people.c.email == email), lock=lock)


async def _one(tx: Tx, query: Select[*tuple[object, ...]], *, lock: bool) -> Person | None:
    row = (await tx.execute(query.with_for_update(of=people) if lock else query)).one_or_none()
    return Person(*row) if row else None


async def list_people(tx: Tx, after: str | None, limit: int) -> list[Person]:
    """By e-mail, those after one."""
    query = select(*_PERSON).order_by(people.c.email).limit(limit)
    if after is not None:
        query = query.where(people.c.email > after)
    return [Person(*row) for row in await tx.all(query)]


async def admins(tx: Tx) -> frozenset[UUID]:
    """Active admins; nobody else becomes or ceases to be one until the transaction ends."""
    query = select(people.c.id).where(people.c.role == "admin", people.c.active).order_by(people.c.id)
    return frozenset(await tx.scalars(query.with_for_update()))


async def add_person(tx: Tx, person: Person) -> None:
    """A new one."""
    await tx.execute(insert(people).values(dict(zip(_NAMES, astuple(person), strict=True))))


async def keep_person(tx: Tx, person: Person) -> None:
    """As they are now."""
    values = dict(zip(_NAMES, astuple(person), strict=True)) | {"revision": people.c.revision + 1}
    await tx.execute(update(people).where(people.c.id == person.id).values(values))


async def keep_attempts(tx: Tx, person: Person) -> None:
    """How often they failed; nobody's edit of the person is in its way."""
    values = {"failures": person.failures, "paused_until": person.paused_until}
    await tx.execute(update(people).where(people.c.id == person.id).values(values))


async def add_link(tx: Tx, hashed: bytes, person_id: UUID, kind: LinkKind, until: datetime) -> None:
    """A link in the place of any other of its kind that the person was sent."""
    await tx.execute(delete(links).where(links.c.person_id == person_id, links.c.kind == kind))
    await tx.execute(insert(links).values(hash=hashed, person_id=person_id, kind=kind, until=until))


async def read_link(tx: Tx, hashed: bytes, now: datetime) -> tuple[UUID, LinkKind] | None:
    """Whose link this is, and which; it stays."""
    query = select(links.c.person_id, links.c.kind).where(links.c.hash == hashed, links.c.until > now)
    row = (await tx.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def use_link(tx: Tx, hashed: bytes, now: datetime) -> tuple[UUID, LinkKind] | None:
    """Take a link that is good, which it then is no longer."""
    used = delete(links).where(links.c.hash == hashed, links.c.until > now)
    row = (await tx.execute(used.returning(links.c.person_id, links.c.kind))).one_or_none()
    return (row[0], row[1]) if row else None


async def add_session(tx: Tx, session_id: UUID, person_id: UUID, hashed: bytes, until: datetime) -> None:
    """A browser has come in; whoever forgot to leave is forgotten."""
    await tx.execute(delete(sessions).where(sessions.c.until < func.now()))
    await tx.execute(insert(sessions).values(id=session_id, person_id=person_id, hash=hashed, until=until))


async def session_of(tx: Tx, hashed: bytes, now: datetime) -> tuple[UUID, UUID] | None:
    """The session and the person that a refresh secret belongs to, locked."""
    query = select(sessions.c.id, sessions.c.person_id)
    query = query.where(sessions.c.hash == hashed, sessions.c.until > now).with_for_update()
    row = (await tx.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def prolong(tx: Tx, session_id: UUID, until: datetime) -> None:
    """It was used."""
    await tx.execute(update(sessions).where(sessions.c.id == session_id).values(until=until))


async def end_session(tx: Tx, hashed: bytes) -> None:
    """The browser has left."""
    await tx.execute(delete(sessions).where(sessions.c.hash == hashed))


async def end_sessions(tx: Tx, person_id: UUID) -> None:
    """All of a person's browsers are out."""
    await tx.execute(delete(sessions).where(sessions.c.person_id == person_id))
