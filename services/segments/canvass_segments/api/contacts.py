"""Where a contact belongs, and what it did."""

from datetime import datetime
from uuid import UUID

from canvass_rules import BehaviourKind
from canvass_rules.vocabulary import BEHAVIOURS
from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter
from pydantic import BaseModel, JsonValue

from canvass_segments.domain.model import Behaviour
from canvass_segments.store import behaviours, contacts, memberships

router = APIRouter()


class MembershipView(BaseModel):
    """A segment that a contact is in."""

    segment: str
    since: datetime
    revision: int
    """Of this membership: grows with each entering and leaving."""
    by_hand: bool
    """Whether it is so whatever the rules say."""


class ContactSegmentsView(BaseModel):
    """Where a contact belongs."""

    contact_id: UUID
    """Who the contact is today: another than was asked for, if it was merged."""
    items: list[MembershipView]


class BehaviourView(BaseModel):
    """Something that a contact did."""

    id: UUID
    """Of the event that told of it."""
    at: datetime
    behaviour: BehaviourKind
    about: dict[str, str | None]
    """What `where` can ask of it, beside its properties: `path`, `url` and `title` of a page."""
    properties: dict[str, JsonValue]

    @classmethod
    def of(cls, done: Behaviour) -> "BehaviourView":
        """As it is remembered."""
        values = done.values()
        return cls.model_validate(
            {
                "id": done.event_id,
                "at": done.at,
                "behaviour": done.kind,
                "about": {name: values[name] for name in BEHAVIOURS[done.kind]},
                "properties": done.properties,
            }
        )


@router.get("/contacts/{contact_id}/segments", dependencies=[Require("segments:read")])
async def list_segments_of_contact(contact_id: UUID, tx: Transaction) -> ContactSegmentsView:
    """What a contact is in. Nobody has told us of some contacts yet: they are in nothing."""
    today = await contacts.today(tx, contact_id)
    found = await memberships.read_segments_of(tx, today)
    items = [
        MembershipView(segment=one.segment, since=one.since, revision=one.revision, by_hand=one.fixed)
        for one in found
    ]
    return ContactSegmentsView(contact_id=today, items=items)


@router.get("/contacts/{contact_id}/behaviours", dependencies=[Require("segments:read")])
async def list_behaviours_of_contact(
    contact_id: UUID, tx: Transaction, wanted: PageWanted
) -> Page[BehaviourView]:
    """What a contact did, the newest first: also what it did before it told who it is, and what others did
    who were merged into it.
    """
    today = await contacts.today(tx, contact_id)
    found = await behaviours.read_history(tx, today, wanted.after(tuple[datetime, UUID]), wanted.fetch)
    return wanted.page([BehaviourView.of(one) for one in found], lambda one: (one.at, one.id))
