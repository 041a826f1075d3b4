"""People define actions and triggers. What was earned or set off before stays as it was."""

import json
from dataclasses import dataclass
from typing import Generic

from canvass_rules import Malformed
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound

from canvass_points.store.definitions import ACTIONS, TRIGGERS, D, Definition, Definitions, Document


@dataclass(frozen=True, slots=True)
class Defining(Generic[D]):
    """Definitions of one kind, and what one of them is called."""

    noun: str
    known: Definitions[D]

    async def find(self, tx: Tx, key: str) -> Definition | None:
        """The definition, which nobody else changes until the transaction ends; None when there is none."""
        return await self.known.find(tx, key, lock=True)

    async def read(self, tx: Tx, key: str) -> Definition:
        """Raises NotFound."""
        definition = await self.known.find(tx, key)
        if definition is None:
            raise NotFound(f"There is no {self.noun} {key!r}: list them with GET /{self.noun}s.")
        return definition

    async def create(self, tx: Tx, key: str, document: Document) -> Definition:
        """A new definition. Raises Invalid with everything that is wrong in the document, or Conflict."""
        if not await self.known.create(tx, self._understood(document, key, 1), document):
            raise Conflict(f"There is {key!r} already: read it, and send its ETag as If-Match.")
        return await self.read(tx, key)

    async def replace(self, tx: Tx, known: Definition, document: Document) -> Definition:
        """Another document for what `find` found; the same one changes nothing. Raises Invalid."""
        new = self._understood(document, known.key, known.revision + 1)
        if not _same(known.document, document):
            await self.known.replace(tx, new, document)
        return await self.read(tx, known.key)

    def _understood(self, document: Document, key: str, revision: int) -> D:
        try:
            return self.known.understood(document, key=key, revision=revision)
        except Malformed as malformed:
            detail = f"The document defines no {self.noun}: {malformed}"
            raise Invalid(detail, fields=malformed.fields) from malformed


actions = Defining("action", ACTIONS)
triggers = Defining("trigger", TRIGGERS)


def _same(document: Document, other: Document) -> bool:
    """Whether two documents are the same. To Python itself, 1 and true would be."""
    return json.dumps(document, sort_keys=True) == json.dumps(other, sort_keys=True)
