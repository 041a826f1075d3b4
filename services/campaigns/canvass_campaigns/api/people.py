"""People who may use the console, and who says so."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.pagination import Page, PageWanted
from canvass_runtime.scopes import Role
from fastapi import APIRouter, status
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from canvass_campaigns.domain.people import Person
from canvass_campaigns.store import people as store
from canvass_campaigns.use_cases import people

from .real_time import RealNow

router = APIRouter(tags=["people"])


def _an_address(text: str) -> str:
    local, _, domain = text.strip().lower().rpartition("@")
    if not local or not domain or any(sign.isspace() for sign in local + domain):
        raise ValueError("must be an e-mail address")
    return f"{local}@{domain}"


Email = Annotated[str, Field(max_length=254), AfterValidator(_an_address)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Address(BaseModel):
    """Whose link."""

    model_config = ConfigDict(extra="forbid")

    email: Email


class Invitation(Address):
    """Who is invited."""

    name: Name
    role: Role


class PersonChange(BaseModel):
    """What is given changes."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    role: Role | None = None
    active: bool | None = None


class LinkWanted(BaseModel):
    """`invite`: to choose a password. `login`: to come in once, within 15 minutes."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["invite", "login"]


class PersonView(BaseModel):
    """Somebody who may use the console."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    name: str
    role: Role
    active: bool
    created_at: datetime
    accepted: bool
    """Whether they have chosen a password."""

    @classmethod
    def of(cls, person: Person) -> "PersonView":
        """As they are remembered."""
        shown = {name: getattr(person, name) for name in cls.model_fields if name != "accepted"}
        return cls(**shown, accepted=person.password_hash is not None)


class LinkView(BaseModel):
    """The secret of a one-time link: `<console>/invite#<token>` or `<console>/login#<token>`."""

    token: str


class InvitedView(BaseModel):
    """Who was invited, and their link."""

    person: PersonView
    token: str


@router.get("/people", dependencies=[Require("people:read")])
async def list_people(tx: Transaction, wanted: PageWanted) -> Page[PersonView]:
    """Everybody who may use the console, or once might, by e-mail."""
    found = await store.list_people(tx, wanted.after(str), wanted.fetch)
    return wanted.page([PersonView.of(one) for one in found], lambda one: one.email)


@router.post("/people", dependencies=[Require("people:write")], status_code=status.HTTP_201_CREATED)
async def invite_person(given: Invitation, tx: Transaction, now: RealNow) -> InvitedView:
    """Let somebody in: send them `<console>/invite#<token>`, good for seven days and one use."""
    person, token = await people.invite(tx, given.email, given.name, given.role, now)
    return InvitedView(person=PersonView.of(person), token=token)


@router.patch("/people/{id}", dependencies=[Require("people:write")])
async def change_person(id: UUID, given: PersonChange, tx: Transaction) -> PersonView:  # noqa: A002
    """Change a name or a role, or whether somebody may come in. The last admin stays one."""
    changed = await people.change(tx, id, name=given.name, role=given.role, active=given.active)
    return PersonView.of(changed)


@router.post("/people/{id}/links", dependencies=[Require("people:write")])
async def make_link(id: UUID, given: LinkWanted, tx: Transaction, now: RealNow) -> LinkView:  # noqa: A002
    """Another link for somebody, in the place of their last one of this kind."""
    return LinkView(token=await people.new_link(tx, id, given.kind, now))


@router.post("/people/login-link", dependencies=[Require("people:write")])
async def make_login_link(given: Address, tx: Transaction, now: RealNow) -> LinkView:
    """A one-time login link for an admin of this e-mail, who is made if there is nobody of it yet."""
    return LinkView(token=await people.first_link(tx, given.email, now))
