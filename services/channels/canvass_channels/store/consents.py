"""Memory of what contacts have said about being written to; and of which contact is who."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from canvass_runtime.db import Tx, rows
from sqlalchemy import BigInteger, DateTime, Text, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from canvass_channels.domain.consent import Consent
from canvass_channels.tables import consents

_COLUMNS = {
    "contact_id": Uuid(),
    "channel": Text(),
    "status": Text(),
    "reason": Text(),
    "revision": BigInteger(),
    "changed_at": DateTime(timezone=True),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What one contact has said about one channel."""

    contact_id: UUID
    channel: str
    consent: Consent


async def read(tx: Tx, contact_ids: Iterable[UUID]) -> list[Standing]:
    """Whatever these contacts have said."""
    these = consents.c.contact_id == bindparam("ids", sorted(set(contact_ids)), ARRAY(Uuid)).any_()
    query = select(*(consents.c[name] for name in _COLUMNS)).where(these).order_by(consents.c.channel)
    return [
        Standing(row.contact_id, row.channel, Consent(row.status, row.reason, row.revision, row.changed_at))
        for row in await tx.all(query)
    ]


async def keep(tx: Tx, said: Iterable[Standing]) -> None:
    """Remember what was decided under the contacts' locks."""
    given = rows("said", _COLUMNS, [_row(one) for one in said])
    inserting = insert(consents).from_select(list(_COLUMNS), select(given))
    new = {name: inserting.excluded[name] for name in ("status", "reason", "revision", "changed_at")}
    await tx.execute(inserting.on_conflict_do_update(index_elements=["contact_id", "channel"], set_=new))


def _row(one: Standing) -> tuple[UUID, str, str, str, int, datetime]:
    consent = one.consent
    return (
        one.contact_id, one.channel, consent.status, consent.reason, consent.revision, consent.changed_at
    )  # fmt: skip
