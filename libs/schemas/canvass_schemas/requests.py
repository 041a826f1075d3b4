"""What several services want alike: a message sent, a membership changed. Each adds who wants it, and why."""

from typing import Literal
from uuid import UUID

from pydantic import Field, JsonValue

from .envelope import Wanted


class MessageRequest(Wanted):
    """A message to the contact or, by `destination`, about it."""

    effect_id: UUID
    """Derived from what wants it: however often it is wanted, the message is sent once."""
    channel: str
    """`email`, `sms`, `webhook` or `notify` (an e-mail to people of ours, about the contact)."""
    template: str | None = None
    """The template's key. A webhook needs none, and `notify` can do without."""
    destination: str | None = None
    """The destination's key, of `webhook` and `notify`."""
    message_class: Literal["marketing", "transactional"]
    """In doubt a marketing message is not sent again; a transactional one is."""
    values: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """What whoever wants it adds: templates know it as `values`, and a webhook's body holds it."""


class MembershipRequest(Wanted):
    """A contact put into a segment, or out of it, by hand: it stays so whatever the segment's rules say."""

    effect_id: UUID
    """Derived from what wants it."""
    segment: str
    """The segment's key."""
    member: bool
    """Whether the contact is to be in it."""
