"""What `segments` says: who belongs where. A hearer ignores the fields it does not know."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field, JsonValue

from .envelope import ContactFact, Data, Fact, Revised, State


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


class VerdictGivenData(Data):
    """The verdict, the values behind it, and the step that asked."""

    effect_id: UUID
    """Of the request that it answers."""
    holds: bool
    """Whether the rules hold for the contact."""
    values: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """What the rules looked at, as it was known: by field; for a behaviour, how often."""
    contact_revision: int = Field(default=0, ge=0)
    """The contact as it was judged."""
    campaign: str
    """The campaign's key."""
    journey_id: UUID
    """The journey that rests on it."""
    step: str
    """The step's id within the campaign."""
    visit: int = Field(ge=1)
    """How many times the journey has come to the step."""


class VerdictGiven(ContactFact[VerdictGivenData]):
    """Rules about a contact have been judged, because somebody asked."""

    TYPE: ClassVar[str] = "segments.verdict_given.v1"


class Member(Data):
    """One contact of an audience."""

    contact_id: UUID
    """The contact."""
    revision: int = Field(ge=1)
    """Of the membership, as in `contact_entered`: the higher one wins."""
    contact_revision: int = Field(default=0, ge=0)
    """The contact as it was judged."""


class AudiencePageData(Data):
    """Some of the contacts of a segment."""

    request_id: UUID
    """Of the request that it answers."""
    campaign: str
    """The campaign that asked."""
    segment: str
    """The segment's key."""
    page: int = Field(ge=1)
    """Pages are numbered, and may come in any order."""
    last: bool
    """Whether this is the last one. An empty segment has one empty page."""
    members: list[Member]
    """At most a thousand."""


class AudiencePage(Fact[AudiencePageData]):
    """A page of the audience that somebody asked for: whom the segment held when it was asked."""

    TYPE: ClassVar[str] = "segments.audience_page.v1"
