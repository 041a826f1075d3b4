"""Forms, as they are defined."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canvass_runtime.db import Tx
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from canvass_tracking.tables import forms


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A definition as it is shown."""

    key: str
    revision: int
    document: Mapping[str, Any]
    updated_at: datetime


_COLUMNS = (forms.c.key, forms.c.revision, forms.c.document, forms.c.updated_at)


async def lock(tx: Tx, key: str) -> StoredForm | None:
    """The form, which nobody else changes until the transaction ends."""
    found = await tx.all(select(*_COLUMNS).where(forms.c.key == key).with_for_update())
    return StoredForm(*found[0]) if found else None


async def read(tx: Tx, key: str) -> StoredForm | None:
    """The form as it is."""
    found = await tx.all(select(*_COLUMNS).where(forms.c.key == key))
    return StoredForm(*found[0]) if found else None


async def page(tx: Tx, after: str | None, limit: int) -> list[StoredForm]:
    """Forms by their key, from behind the one called `after`."""
    query = select(*_COLUMNS).order_by(forms.c.key).limit(limit)
    if after is not None:
        query = query.where(forms.c.key > after)
    return [StoredForm(*row) for row in await tx.all(query)]


async def create(tx: Tx, key: str, document: Mapping[str, Any]) -> StoredForm | None:
    """The new form; None when somebody else has just made one of that key."""
    creating = insert(forms).values(key=key, document=document).on_conflict_do_nothing()
    found = (await tx.execute(creating.returning(*_COLUMNS))).all()
    return StoredForm(*found[0]) if found else None


async def replace(tx: Tx, key: str, document: Mapping[str, Any]) -> StoredForm:
    """Define anew a form that this transaction has locked."""
    changed = {"document": document, "revision": forms.c.revision + 1, "updated_at": func.now()}
    replacing = update(forms).where(forms.c.key == key).values(changed)
    return StoredForm(*(await tx.execute(replacing.returning(*_COLUMNS))).one())
