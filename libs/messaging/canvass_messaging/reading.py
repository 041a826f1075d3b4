"""From wire messages to facts: in bulk, and one by one where something cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canvass_schemas.catalogue import by_type
from canvass_schemas.envelope import Fact
from canvass_schemas.said_through import SaidThrough
from canvass_schemas.wire import Refused, parse, parse_each
from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Incoming:
    """A wire message as it was delivered."""

    message_id: UUID
    type: str
    body: bytes
    redeliveries: int = 0


@dataclass(frozen=True, slots=True)
class Read:
    """A wire message as it was understood."""

    message_id: UUID
    type: str
    facts: Sequence[Fact[Any]] = ()
    refused: Sequence[Refused] = ()

    @property
    def is_watermark(self) -> bool:
        """Whether it says how far a speaker is: true again when it is repeated, so it is never marked."""
        return all(isinstance(fact, SaidThrough) for fact in self.facts) and not self.refused


def read(message: Incoming) -> Read:
    """Understand a wire message. What cannot be understood is told apart from its neighbours."""
    try:
        fact = by_type(message.type)
    except KeyError:
        error = f"no fact of type {message.type!r} in this release's catalogue"
        return Read(message.message_id, message.type, refused=[Refused(message.body, error)])
    try:
        return Read(message.message_id, message.type, parse(fact, message.body))
    except ValidationError:
        facts, refused = parse_each(fact, message.body)
        return Read(message.message_id, message.type, facts, refused)
