"""Contacts looked for by people: by the beginnings of words, by what they go by, by tag."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from canvass_runtime.db import Tx

from canvass_tracking.domain.model import Contact, Identity
from canvass_tracking.store.contacts import COLUMNS, READ, contact_of


@dataclass(frozen=True, slots=True)
class Sought:
    """What contacts are to be like: all that is told."""

    text: str | None = None
    """Each of its words begins one of the contact's: of its e-mail, user id, phone and names."""
    identities: Sequence[Identity] = ()
    phone: str | None = None
    tag: str | None = None


_WORDS = """
words IS NOT NULL AND words @@ (
    SELECT string_agg(quote_literal(word) || ':*', ' & ')::tsquery
    FROM regexp_split_to_table(lower({} COLLATE "pg_c_utf8"), '[^[:alnum:]]+') AS word WHERE word <> ''
)
"""
_GOES_BY = """
contact_id = (
    SELECT coalesce(c.merged_into, c.contact_id)
    FROM tracking.identities i JOIN tracking.contacts c USING (contact_id)
    WHERE i.kind = {} AND i.value = {}
)
"""

NEAR = 5000

# Words that one in a hundred has are met soon enough by walking on, in order.
_NEAR = """
SELECT {columns} FROM (
    SELECT * FROM tracking.contacts WHERE merged_into IS NULL AND contact_id > $1
    ORDER BY contact_id LIMIT {near}
) AS near
WHERE {conditions} ORDER BY contact_id LIMIT $2
"""

# What is rarer: first all who are like that, by their index, then in order. Left to itself, the planner would
# walk through all contacts until it has met enough of them, which takes half a second.
_FIND = """
WITH found AS MATERIALIZED (
    SELECT contact_id FROM tracking.contacts WHERE merged_into IS NULL AND contact_id > $1 AND {conditions}
)
{read} WHERE contact_id = ANY(ARRAY(SELECT contact_id FROM found ORDER BY contact_id LIMIT $2))
ORDER BY contact_id
"""


async def search(tx: Tx, sought: Sought, after: UUID | None, limit: int) -> list[Contact]:
    """Contacts that live and are as is sought, the oldest first, from behind the one called `after`."""
    conditions, values = _conditions(sought)
    given = (after or UUID(int=0), limit, *values)
    if sought.text is not None:
        near = await tx.driver.fetch(_NEAR.format(columns=COLUMNS, near=NEAR, conditions=conditions), *given)
        if len(near) == limit:
            return [contact_of(row) for row in near]
    found = await tx.driver.fetch(_FIND.format(conditions=conditions, read=READ), *given)
    return [contact_of(row) for row in found]


def statement(sought: Sought) -> tuple[str, list[str]]:
    """The query that finds them wherever they are, and its parameters from the third on."""
    conditions, values = _conditions(sought)
    return _FIND.format(conditions=conditions, read=READ), values


def _conditions(sought: Sought) -> tuple[str, list[str]]:
    values: list[str] = []

    def place(value: str) -> str:
        values.append(value)
        return f"${len(values) + 2}::text"

    conditions = [_GOES_BY.format(place(one.kind), place(one.value)) for one in sought.identities]
    if sought.text is not None:
        conditions.append(_WORDS.format(place(sought.text)))
    if sought.phone is not None:
        conditions.append(f"phone = {place(sought.phone)}")
    if sought.tag is not None:
        conditions.append(f"tags <> '{{}}' AND tags @> ARRAY[{place(sought.tag)}]")
    return " AND ".join(conditions or ["true"]), values
