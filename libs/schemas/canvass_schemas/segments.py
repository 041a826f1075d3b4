"""What `segments` says: who belongs where. A hearer ignores the fields it does not know."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import Revised, State


class MembershipData(Revised):
    """The membership of one contact in one segment. Its revision grows with each entering and leaving."""

    segment: str
    """The segment's key."""
    contact_revision: int = Field(default=0, ge=0)
    """The contact as it was judged: what is wanted because of this needs it known at least so well."""


class Membership(State[MembershipData]):
    """Entering and leaving are states of one thing: the later revision wins, whichever of them it is."""

    def key(self) -> tuple[UUID, str | None]:
        return self.subject, self.data.segment


class ContactEntered(Membership):
    """A contact has begun to match a segment."""

    TYPE: ClassVar[str] = "segments.contact_entered.v1"


class ContactLeft(Membership):
    """A contact matches a segment no longer."""

    TYPE: ClassVar[str] = "segments.contact_left.v1"
