"""Who is in a segment: by its rules, or because somebody said so."""

from datetime import datetime
from uuid import UUID

from canvass_runtime.app import Now, Transaction
from canvass_runtime.auth import Require
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter
from pydantic import BaseModel

from canvass_segments.api.segments import Key
from canvass_segments.domain.model import Membership, Wish
from canvass_segments.store import memberships
from canvass_segments.use_cases import defining, placing

router = APIRouter()


class MemberView(BaseModel):
    """A contact in a segment, or out of it by hand."""

    contact_id: UUID
    """Who the contact is today: another than was asked for, if it was merged."""
    member: bool
    since: datetime
    revision: int
    """Of this membership: grows with each entering and leaving."""
    by_hand: bool
    """Whether it is so whatever the rules say."""

    @classmethod
    def of(cls, membership: Membership) -> "MemberView":
        """As it is remembered."""
        return cls(
            contact_id=membership.contact_id,
            member=membership.member,
            since=membership.since,
            revision=membership.revision,
            by_hand=membership.fixed,
        )


@router.get("/segments/{key}/members", dependencies=[Require("segments:read")])
async def list_members(key: Key, tx: Transaction, wanted: PageWanted) -> Page[MemberView]:
    """Who is in a segment, in the order of their ids."""
    await defining.read(tx, key)
    found = await memberships.read_members(tx, key, wanted.after(UUID), wanted.fetch)
    return wanted.page([MemberView.of(one) for one in found], lambda one: one.contact_id)


@router.put("/segments/{key}/members/{contact_id}", dependencies=[Require("segments:write")])
async def put_member(key: Key, contact_id: UUID, tx: Transaction, now: Now) -> MemberView:
    """Put a contact in: it stays in whatever the rules say, until it is taken out or left to the rules."""
    await defining.read(tx, key)
    return MemberView.of(await placing.place_one(tx, Wish(contact_id, key, True, now)))


@router.delete("/segments/{key}/members/{contact_id}", dependencies=[Require("segments:write")])
async def take_member_out(key: Key, contact_id: UUID, tx: Transaction, now: Now) -> MemberView:
    """Take a contact out: it stays out whatever the rules say, until it is put in or left to the rules."""
    await defining.read(tx, key)
    return MemberView.of(await placing.place_one(tx, Wish(contact_id, key, False, now)))


@router.post("/segments/{key}/members/{contact_id}/by-rules", dependencies=[Require("segments:write")])
async def leave_member_to_the_rules(key: Key, contact_id: UUID, tx: Transaction, now: Now) -> MemberView:
    """Forget what was said of a contact by hand: the rules decide again, at once."""
    await defining.read(tx, key)
    return MemberView.of(await placing.leave_to_the_rules(tx, key, contact_id, now))
