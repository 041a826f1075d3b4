"""People define actions. What was earned before stays as it was."""

import json
from collections.abc import Mapping
from typing import Any

from canvass_rules import Malformed
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound

from canvass_points.domain.definition import read_action
from canvass_points.domain.model import Action, ActionKey
from canvass_points.store import definitions
from canvass_points.store.definitions import Definition

Document = Mapping[str, Any]


async def find(tx: Tx, key: ActionKey) -> Definition | None:
    """The action, which nobody else changes until the transaction ends; None when there is none."""
    return await definitions.read(tx, key, lock=True)


async def read(tx: Tx, key: ActionKey) -> Definition:
    """Raises NotFound."""
    definition = await definitions.read(tx, key)
    if definition is None:
        raise NotFound(f"There is no action {key!r}: list them with GET /actions.")
    return definition


async def create(tx: Tx, key: ActionKey, document: Document) -> Definition:
    """A new action. Raises Invalid with everything that is wrong in the document, or Conflict."""
    if not await definitions.create(tx, _understood(document, key, 1), document):
        raise Conflict(f"There is an action {key!r} already: read it, and send its ETag as If-Match.")
    return await read(tx, key)


async def replace(tx: Tx, known: Definition, document: Document) -> Definition:
    """Another definition for an action that `find` found; the same one changes nothing. Raises Invalid."""
    action = _understood(document, known.key, known.revision + 1)
    if not _same(known.document, document):
        await definitions.replace(tx, action, document)
    return await read(tx, known.key)


def _understood(document: Document, key: ActionKey, revision: int) -> Action:
    try:
        return read_action(document, key=key, revision=revision)
    except Malformed as malformed:
        fields = {problem.path: problem.message for problem in malformed.problems}
        raise Invalid(f"The document defines no action: {malformed}", fields=fields) from malformed


def _same(document: Document, other: Document) -> bool:
    """Whether two documents are the same. To Python itself, 1 and true would be."""
    return json.dumps(document, sort_keys=True) == json.dumps(other, sort_keys=True)
