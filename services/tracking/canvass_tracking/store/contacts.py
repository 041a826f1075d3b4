"""Contacts, and the identities that lead to them.

What runs for every commit of the edge is said to the driver itself: SQLAlchemy would cost more than
PostgreSQL does.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from canvass_runtime.driver import PostgresError
from pydantic_core import to_json

from canvass_tracking.domain.arrivals import Link
from canvass_tracking.domain.model import Contact, Identity, Merge


class Raced(Exception):
    """Another process has meanwhile changed whom an identity leads to. Begin again in a new transaction."""


_LINKS = """
SELECT given.n, coalesce(living.contact_id, holder.contact_id),
       coalesce(living.identified_at, holder.identified_at) IS NOT NULL,
       coalesce(living.revision, holder.revision)
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (kind, value, n)
LEFT JOIN tracking.identities i ON i.value = given.value AND i.kind = given.kind
JOIN tracking.contacts holder ON holder.contact_id = CASE given.kind
    WHEN 'contact_id' THEN given.value::uuid ELSE i.contact_id END
LEFT JOIN tracking.contacts living ON living.contact_id = holder.merged_into
"""


async def read_links(tx: Tx, stated: Sequence[Identity]) -> dict[Identity, Link]:
    """Whom the identities lead to today, of those that lead to anybody. Locks nothing."""
    kinds, values = map(list, zip(*stated, strict=True))
    found = await tx.driver.fetch(_LINKS, kinds, values)
    return {stated[n - 1]: Link(*whom) for n, *whom in found}


COLUMNS = (
    "contact_id, created_at, revision, user_id, email, attributes, identified_at, merged_into, phone, tags"
)
READ = f"SELECT {COLUMNS} FROM tracking.contacts"  # noqa: S608 - names of our own
_LOCK = f"{READ} WHERE contact_id = ANY($1::uuid[]) ORDER BY contact_id FOR NO KEY UPDATE"


async def lock(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Contact]:
    """The whole records, held until the transaction ends; everyone takes contacts in id order."""
    found = await tx.driver.fetch(_LOCK, list(ids)) if ids else []
    return {row[0]: contact_of(row) for row in found}


def contact_of(row: Sequence[Any]) -> Contact:
    """The contact of a row that `READ` has brought."""
    *columns, tags = row
    return Contact(*columns, tags=tuple(tags))


async def read(tx: Tx, contact_id: UUID) -> Contact | None:
    """The whole record of a contact as it is called today; None when there is none."""
    living = "SELECT coalesce(merged_into, contact_id) FROM tracking.contacts WHERE contact_id = $1"
    found = await tx.driver.fetch(f"{READ} WHERE contact_id = ({living})", contact_id)
    return contact_of(found[0]) if found else None


async def read_all(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Contact]:
    """The whole records of contacts. Locks nothing, and follows nobody who was merged."""
    found = await tx.driver.fetch(f"{READ} WHERE contact_id = ANY($1::uuid[])", list(ids)) if ids else []
    return {row[0]: contact_of(row) for row in found}


async def there(tx: Tx, ids: Collection[UUID]) -> set[UUID]:
    """Those of the contacts that there are or once were."""
    query = "SELECT contact_id FROM tracking.contacts WHERE contact_id = ANY($1::uuid[])"
    return {row[0] for row in await tx.driver.fetch(query, list(ids))}


async def find(tx: Tx, identity: Identity) -> Contact | None:
    """The contact that goes by this today."""
    holder = "SELECT contact_id FROM tracking.identities WHERE kind = $1 AND value = $2"
    found = await tx.driver.fetch(holder, *identity)
    return await read(tx, found[0][0]) if found else None


async def page(tx: Tx, after: UUID | None, limit: int) -> list[Contact]:
    """Contacts that live, the oldest first, from behind the one called `after`."""
    query = f"{READ} WHERE merged_into IS NULL AND contact_id > $1 ORDER BY contact_id LIMIT $2"
    return [contact_of(row) for row in await tx.driver.fetch(query, after or UUID(int=0), limit)]


_WELCOME = """
WITH given AS (
    SELECT * FROM unnest($1::uuid[], $2::text[]) AS given (contact_id, value)
), welcomed AS (
    INSERT INTO tracking.contacts (contact_id, revision, created_at) SELECT contact_id, 1, $3 FROM given
)
INSERT INTO tracking.identities (value, kind, contact_id) SELECT value, 'anonymous_id', contact_id FROM given
"""


async def welcome(tx: Tx, newcomers: Mapping[UUID, str], now: datetime) -> None:
    """Store contacts that are nothing but an anonymous id. Raises Raced if one leads somewhere by now."""
    ordered = sorted(newcomers.items(), key=itemgetter(1))
    try:
        await tx.driver.execute(_WELCOME, *map(list, zip(*ordered, strict=True)), now)
    except PostgresError as error:
        if getattr(error, "sqlstate", None) == _NOT_UNIQUE:
            raise Raced from error
        raise


_NOT_UNIQUE = "23505"

_KEEP = """
INSERT INTO tracking.contacts
    (contact_id, created_at, revision, user_id, email, attributes, identified_at, merged_into, phone, tags)
SELECT contact_id, created_at, revision, user_id, email, attributes, identified_at, merged_into, phone,
    string_to_array(tags, E'\x1f')
FROM unnest(
    $1::uuid[], $2::timestamptz[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[], $7::timestamptz[],
    $8::uuid[], $9::text[], $10::text[]
) AS given (
    contact_id, created_at, revision, user_id, email, attributes, identified_at, merged_into, phone, tags
)
ON CONFLICT (contact_id) DO UPDATE SET
    created_at = excluded.created_at, revision = excluded.revision, user_id = excluded.user_id,
    email = excluded.email, attributes = excluded.attributes, identified_at = excluded.identified_at,
    merged_into = excluded.merged_into, phone = excluded.phone, tags = excluded.tags
"""


async def keep(tx: Tx, changed: Collection[Contact]) -> None:
    """Store the new state of contacts that are new or held by this transaction."""
    rows = [_row(one) for one in sorted(changed, key=_by_id)]
    await tx.driver.execute(_KEEP, *map(list, zip(*rows, strict=True)))


def _by_id(contact: Contact) -> UUID:
    return contact.id


def _row(contact: Contact) -> tuple[Any, ...]:
    return (
        contact.id,
        contact.created_at,
        contact.revision,
        contact.user_id,
        contact.email,
        to_json(contact.attributes).decode() if contact.attributes else "{}",
        contact.identified_at,
        contact.merged_into,
        contact.phone,
        _BETWEEN_TAGS.join(contact.tags),
    )


_BETWEEN_TAGS = "\x1f"  # which no tag may hold: arrays of arrays would be flattened


_LINK = """
INSERT INTO tracking.identities (value, kind, contact_id)
SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[])
ON CONFLICT DO NOTHING
"""


async def link(tx: Tx, linked: Mapping[Identity, UUID]) -> None:
    """Let identities that led nowhere lead to contacts. Raises Raced if one leads somewhere by now."""
    rows = sorted((value, kind, contact_id) for (kind, value), contact_id in linked.items())
    status = await tx.driver.execute(_LINK, *map(list, zip(*rows, strict=True)))
    if status != f"INSERT 0 {len(rows)}":
        raise Raced


async def unlink(tx: Tx, unlinked: Collection[Identity]) -> None:
    """Let identities lead nowhere."""
    gone = """
        DELETE FROM tracking.identities WHERE (kind, value) IN (SELECT * FROM unnest($1::text[], $2::text[]))
    """
    await tx.driver.execute(gone, *map(list, zip(*sorted(unlinked), strict=True)))


async def merge(tx: Tx, merges: Sequence[Merge]) -> None:
    """Whoever was merged into a loser before lives on in its winner now; their identities follow."""
    follow = """
        UPDATE tracking.contacts SET merged_into = given.winner
        FROM unnest($1::uuid[], $2::uuid[]) AS given (loser, winner) WHERE merged_into = given.loser
    """
    await tx.driver.execute(follow, [one.loser for one in merges], [one.into for one in merges])
