"""A contact record, changed by hand or by a program that may."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from canvass_tracking.domain.model import Attributes, Contact
from canvass_tracking.domain.traits import filled, tagged

Column: TypeAlias = Literal["user_id", "email", "phone"]


class Nameless(ValueError):
    """Whoever has told who it is keeps a user id or an e-mail: without both, nobody would be told of it."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise. None takes a value away; what is not named stays."""

    columns: dict[Column, str | None] = field(default_factory=dict[Column, str | None])
    attributes: Attributes = field(default_factory=dict[str, object])
    add: tuple[str, ...] = ()
    """Tags that it is to have."""
    remove: tuple[str, ...] = ()


def revised(contact: Contact, change: Change, now: datetime) -> Contact:
    """The contact after the change, one revision on: the very same when nothing is otherwise.

    Raises Nameless.
    """
    attributes = filled(contact.attributes, change.attributes, trusted=True)
    kept = tuple(tag for tag in contact.tags if tag not in change.remove)
    tags = tagged(kept, [tag for tag in change.add if tag not in change.remove])
    after = replace(contact, **change.columns, attributes=attributes, tags=tags)
    if after == contact:
        return contact
    if contact.identified and not after.identified:
        raise Nameless(Nameless.__doc__)
    if after.identified and after.identified_at is None:
        after = replace(after, identified_at=now)
    return replace(after, revision=contact.revision + 1)
