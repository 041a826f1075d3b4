"""What may be stated of contacts over HTTP."""

from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from canvass_tracking.addresses import email_of, phone_of
from canvass_tracking.domain.model import IncomingEvent
from canvass_tracking.domain.revise import Change, Column
from canvass_tracking.domain.traits import MAX_ATTRIBUTES, MAX_TAGS, RESERVED, depth

MAX_BATCH = 500
MAX_DEPTH = 32


def _email(stated: str | None) -> str | None:
    if stated is None:
        return None
    if (email := email_of(stated)) is None:
        raise ValueError("must be an e-mail address, such as ann@example.com")
    return email


def _phone(stated: str | None) -> str | None:
    if stated is None:
        return None
    if (phone := phone_of(stated)) is None:
        raise ValueError("must be a phone number with its country code, such as +14165550123")
    return phone


def _printable(text: str | None) -> str | None:
    if text is not None and not text.isprintable():
        raise ValueError("must hold no control characters")
    if text is not None and text.isspace():
        raise ValueError("must not be blank")
    return text


def _attributes(told: dict[str, Any]) -> dict[str, Any]:
    if reserved := sorted(RESERVED & told.keys()):
        raise ValueError(f"{', '.join(reserved)} is no attribute: it stands beside them")
    if len(told) > MAX_ATTRIBUTES:
        raise ValueError(f"must be at most {MAX_ATTRIBUTES}")
    if depth(told) > MAX_DEPTH:
        raise ValueError(f"must be at most {MAX_DEPTH} levels deep")
    return told


UserId = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_printable)]
Email = Annotated[str | None, Field(max_length=320), AfterValidator(_email)]
Phone = Annotated[str | None, Field(max_length=60), AfterValidator(_phone)]
Tag = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), AfterValidator(_printable)
]
Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS)]
AttributeName = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Attributes = Annotated[dict[AttributeName, JsonValue], AfterValidator(_attributes)]


class ContactDocument(BaseModel):
    """A contact, by its user id, its e-mail or both."""

    model_config = ConfigDict(extra="forbid")

    user_id: UserId | None = None
    email: Email = None
    phone: Phone = None
    attributes: Attributes = {}
    tags: Tags = []

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.user_id and not self.email:
            raise ValueError("a contact needs a user_id or an email")
        return self

    def event(self) -> IncomingEvent:
        """What a trusted source would say."""
        return IncomingEvent(
            user_id=self.user_id,
            traits=self.attributes,
            trusted=True,
            email=self.email,
            phone=self.phone,
            tags=tuple(self.tags),
        )


class BatchDocument(BaseModel):
    """Many contacts."""

    model_config = ConfigDict(extra="forbid")

    contacts: Annotated[list[ContactDocument], Field(min_length=1, max_length=MAX_BATCH)]


class ContactPatch(BaseModel):
    """What is to be otherwise. What is not named stays; null takes a value away."""

    model_config = ConfigDict(extra="forbid")

    user_id: UserId | None = None
    """A contact that has told who it is keeps a user id or an e-mail."""
    email: Email = None
    phone: Phone = None
    attributes: Attributes = {}
    """Those named are replaced one by one."""

    def change(self) -> Change:
        """As the domain has it."""
        all_told: dict[Column, str | None] = {
            "user_id": self.user_id,
            "email": self.email,
            "phone": self.phone,
        }
        named: dict[Column, str | None] = {
            name: value for name, value in all_told.items() if name in self.model_fields_set
        }
        return Change(named, self.attributes)


class TagsDocument(BaseModel):
    """Tags to add, and to take away."""

    model_config = ConfigDict(extra="forbid")

    add: Tags = []
    remove: Tags = []
