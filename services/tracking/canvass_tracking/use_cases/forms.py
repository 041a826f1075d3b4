"""People define forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, NotFound

from canvass_tracking.store import confirmations, forms
from canvass_tracking.store.confirmations import Waiting
from canvass_tracking.store.forms import StoredForm

Document = Mapping[str, Any]


async def find(tx: Tx, key: str) -> StoredForm | None:
    """The form, which nobody else changes until the transaction ends; None when there is none."""
    return await forms.lock(tx, key)


async def read(tx: Tx, key: str) -> StoredForm:
    """Raises NotFound."""
    form = await forms.read(tx, key)
    if form is None:
        raise NotFound(f"There is no form {key!r}: list them with GET /forms.")
    return form


async def create(tx: Tx, key: str, document: Document) -> StoredForm:
    """A new form, of a document that is one. Raises Conflict."""
    form = await forms.create(tx, key, document)
    if form is None:
        raise Conflict(f"There is a form {key!r} already: read it, and send its ETag as If-Match.")
    return form


async def replace(tx: Tx, known: StoredForm, document: Document) -> StoredForm:
    """Another definition for a form that `find` found; the same one changes nothing."""
    return known if known.document == document else await forms.replace(tx, known.key, document)


async def list_forms(tx: Tx, after: str | None, limit: int) -> list[StoredForm]:
    """Forms, by key."""
    return await forms.page(tx, after, limit)


async def waiting(tx: Tx, mark: bytes, now: datetime) -> Waiting | None:
    """What waits to be confirmed by the link of this mark."""
    return await confirmations.read(tx, mark, now)
