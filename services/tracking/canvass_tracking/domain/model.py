"""The words of tracking, read from the top: what is known, what comes in, what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias
from uuid import UUID

IdentityKind: TypeAlias = Literal["contact_id", "user_id", "email", "anonymous_id"]
Attributes: TypeAlias = Mapping[str, object]
"""JSON values by name."""


class Identity(NamedTuple):
    """One way to recognise a contact. A tuple, because every event hashes two or three of them."""

    kind: IdentityKind
    value: str


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact record. Who was merged away keeps nothing but `merged_into`."""

    id: UUID
    created_at: datetime
    revision: int = 0
    user_id: str | None = None
    email: str | None = None
    attributes: Attributes = field(default_factory=dict[str, object])
    identified_at: datetime | None = None
    merged_into: UUID | None = None
    phone: str | None = None
    """E.164. Nobody is recognised by it: households and offices share one."""
    tags: tuple[str, ...] = ()
    """Sorted, each once."""

    @property
    def identified(self) -> bool:
        """Whether it has told who it is, rather than being some browser."""
        return self.user_id is not None or self.email is not None

    @property
    def blank(self) -> bool:
        """Whether it is new, and nothing is known of it but some browser."""
        told = self.identified or self.attributes or self.phone or self.tags
        return self.revision == 1 and not told and not self.merged_into


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of the identities involved: their contacts, and whom those were merged into."""

    contacts: Mapping[UUID, Contact] = field(default_factory=dict[UUID, Contact])
    links: Mapping[Identity, UUID] = field(default_factory=dict[Identity, UUID])


class IncomingEvent(NamedTuple):
    """What one event says of who did it. What was done does not matter here.

    `trusted` is what came with a secret key, a signed user id or a confirmed form. A public write key stands
    in every page for all to read: with it one may create contacts and fill what is empty, but overwrite
    nothing and merge nobody known.
    """

    anonymous_id: str | None = None
    user_id: str | None = None
    traits: Attributes = MappingProxyType({})
    trusted: bool = False
    previous_id: str | None = None
    """By which, as a user id or an anonymous id, the same person was known until now: what an alias says."""
    email: str | None = None
    """As addresses are compared and kept; and so is the phone number."""
    phone: str | None = None
    tags: tuple[str, ...] = ()
    """To be added to the contact's."""
    contact_id: UUID | None = None
    """Whose it is, where we know that of ourselves: of a link that we have signed."""


@dataclass(frozen=True, slots=True)
class Merge:
    """The loser lives on `into` a contact, which has it in from this revision on."""

    loser: UUID
    into: UUID
    revision: int


@dataclass(frozen=True, slots=True)
class Identified:
    """What a batch of events makes of the contacts."""

    whose: tuple[UUID, ...]
    """For each event, in order, the contact that did it, as it is called after the whole batch."""
    created: tuple[UUID, ...]
    changed: Mapping[UUID, Contact]
    """The whole new state of all that are new, have changed or were merged away."""
    linked: Mapping[Identity, UUID]
    unlinked: frozenset[Identity]
    """E-mail addresses that were replaced and recognise nobody any more."""
    merges: tuple[Merge, ...]
    """Each loser's other links follow it, whether they were loaded or not."""
