"""What every fact shares: a CloudEvents 1.0 envelope in structured JSON, and the kinds of facts there are."""

from typing import Any, ClassVar, Generic, Literal, Self, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from .ids import uuid7

MAX_HOPS = 32
"""A fact with this many causes behind it is parked, and its campaign paused: no instant loops."""

_MODEL = ConfigDict(
    frozen=True,
    extra="ignore",
    ser_json_inf_nan="null",  # JSON has no NaN or infinity: they are written as null, wherever they stand
    use_attribute_docstrings=True,
)


class Data(BaseModel):
    """The payload of a fact. A hearer ignores the fields that it does not know."""

    model_config = _MODEL


class Revised(Data):
    """The whole state of a thing as of a revision."""

    revision: int = Field(ge=1)
    """Drawn under the thing's lock, growing with each change of it: a hearer drops what is older."""


class Wanted(Data):
    """What one service wants of another."""

    contact_revision: int = Field(default=0, ge=0)
    """The revision of the contact that the hearer must have seen before it acts on this."""


D = TypeVar("D", bound=Data)
R = TypeVar("R", bound=Revised)
W = TypeVar("W", bound=Wanted)


class Fact(BaseModel, Generic[D]):
    """Something that has happened, as one CloudEvent. Made by `of`, sent and read by `wire`."""

    model_config = _MODEL

    TYPE: ClassVar[str]
    """`<service>.<fact>.v<N>`, past tense. A change of meaning is a new class with the next N."""

    specversion: Literal["1.0"]
    """The version of CloudEvents."""
    id: UUID
    """UUIDv7, or derived from what the fact is about, so that saying it twice is harmless."""
    source: str
    """`/canvass/<service>`: who says it."""
    type: str
    """Which fact this is."""
    subject: UUID | None = None
    """The contact that it is about."""
    time: AwareDatetime
    """When it happened, which may be long before it was said."""
    correlationid: UUID | None = None
    """The first fact of the chain that led here."""
    causationid: UUID | None = None
    """The fact that led here."""
    hops: int = Field(default=0, ge=0)
    """How many facts led here, one after the other. At 32 the fact is parked."""
    traceparent: str | None = None
    """W3C trace context of the transaction that said it."""
    data: D
    """What is particular to this fact."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "TYPE" in cls.__dict__:
            # A fact of another type in the same body is refused by the parser itself, at no cost of its own.
            cls.model_fields["type"].annotation = Literal[cls.TYPE]  # pyright: ignore[reportAttributeAccessIssue]
            cls.model_rebuild(force=True)

    @classmethod
    def of(
        cls,
        data: D,
        *,
        subject: UUID | None = None,
        time: AwareDatetime,
        cause: "Fact[Any] | None" = None,
        id: UUID | None = None,  # noqa: A002 (CloudEvents' own word)
        traceparent: str | None = None,
    ) -> Self:
        """A new fact. With a `cause` it stands one hop behind it, in the same chain and, unless told, trace.

        Raises pydantic.ValidationError (a ValueError) when a fact about a contact has no `subject`, or when
        `time` has no zone. `data` is checked when it is made, and not again here.
        """
        return cls(
            specversion="1.0",
            id=id or uuid7(),
            source=f"/canvass/{cls.speaker()}",
            type=cls.TYPE,
            subject=subject,
            time=time,
            correlationid=cause and (cause.correlationid or cause.id),
            causationid=cause and cause.id,
            hops=cause.hops + 1 if cause else 0,
            traceparent=traceparent or (cause and cause.traceparent),
            data=data,
        )

    @classmethod
    def speaker(cls) -> str:
        """The service that says this fact: the first word of its type."""
        return cls.TYPE.partition(".")[0]

    def about(self, subject: UUID) -> Self:
        """The same fact of another contact: of the one into which its own was merged."""
        return self.model_copy(update={"subject": subject})


class ContactFact(Fact[D]):
    """A fact about one contact."""

    # Narrower than in `Fact`, which is sound: facts are frozen.
    subject: UUID  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues]
    """The contact that it is about."""


class Behaviour(ContactFact[D]):
    """What a contact has done. It counts by its own time, in whatever order it is heard."""


class State(ContactFact[R]):
    """The whole state of something of a contact, replacing what was heard with a lower revision."""

    @property
    def revision(self) -> int:
        """Of the thing that `key` names."""
        return self.data.revision

    def key(self) -> tuple[UUID, str | None]:
        """What this is the state of: the contact, and which of its things where it has several.

        Of several facts with one key only that with the highest revision matters.
        """
        return self.subject, None


class Request(ContactFact[W]):
    """What the speaker wants done. It waits until the hearer has caught up with the contact."""

    @property
    def contact_revision(self) -> int:
        """The revision of the contact that the hearer must have seen; 0 if any will do."""
        return self.data.contact_revision
