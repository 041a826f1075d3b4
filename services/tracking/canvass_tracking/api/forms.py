"""Forms over HTTP, for those who define them. What people fill in comes in by `ingest.forms`."""

from datetime import datetime
from typing import Annotated, Any, Self

from canvass_runtime.app import Transaction
from canvass_runtime.auth import Require
from canvass_runtime.etag import Precondition, etag
from canvass_runtime.pagination import Page, PageWanted
from fastapi import APIRouter, Path, Response, status
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from canvass_tracking.addresses import is_region
from canvass_tracking.domain.forms import FieldType
from canvass_tracking.domain.traits import RESERVED
from canvass_tracking.store.forms import StoredForm
from canvass_tracking.use_cases import forms as use_cases

router = APIRouter(tags=["forms"])

MAX_FIELDS = 50
MAX_URL = 2000
_TYPES: dict[str, tuple[FieldType, ...]] = {
    "email": ("email",),
    "phone": ("phone",),
    "user_id": ("text", "hidden"),
}
"""What may be asked for what is no attribute."""


def _not_taken(key: str) -> str:
    if key == "confirm":
        raise ValueError("`confirm` stands in addresses of ours: call the form something else")
    return key


Key = Annotated[
    str,
    Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="Such as `webinar`."),
    AfterValidator(_not_taken),
]
TemplateKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,99}$")]


def _region(code: str | None) -> str | None:
    if code is not None and not is_region(code):
        raise ValueError("must be a country of two capital letters, such as CA")
    return code


_url = TypeAdapter(HttpUrl)


def _address(url: str) -> str:
    return str(_url.validate_python(url))


class FieldDocument(BaseModel):
    """One question."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,62}$")
    """By which its answer is sent, and stands in what is said of the submission."""
    type: FieldType
    label: str = Field(default="", max_length=200)
    required: bool = False
    maps_to: str | None = Field(default=None, min_length=1, max_length=100)
    """`email`, `phone`, `user_id` or the name of an attribute, which the answer becomes; or null."""
    value: str = Field(default="", max_length=500)
    """What stands there before anybody answers: what a hidden field always says."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        types = _TYPES.get(self.maps_to or "")
        if types and self.type not in types:
            raise ValueError(f"what is mapped to {self.maps_to} must be of type {' or '.join(types)}")
        if not types and self.maps_to in RESERVED:
            raise ValueError(f"{self.maps_to} is no attribute")
        return self


class ConfirmDocument(BaseModel):
    """How the submitter is asked to confirm that the address is theirs."""

    model_config = ConfigDict(extra="forbid")

    template: TemplateKey
    """Of an e-mail, which is given `values.confirm_url` and `values.form`."""


class FormDocument(BaseModel):
    """What a form asks, and what comes then."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    fields: list[FieldDocument] = Field(min_length=1, max_length=MAX_FIELDS)
    message: str = Field(default="Thank you!", min_length=1, max_length=2000)
    """Shown when there is nowhere to go on to."""
    redirect_to: Annotated[str, Field(max_length=MAX_URL), AfterValidator(_address)] | None = None
    """Where to go on to."""
    confirm: ConfirmDocument | None = None
    """If set, a submission counts once its submitter has followed the link in this e-mail."""
    phone_region: Annotated[str | None, AfterValidator(_region)] = None
    """The country (`CA`) of phone numbers without their country code."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [field.name for field in self.fields]
        mapped = [field.maps_to for field in self.fields if field.maps_to]
        if twice := sorted({one for one in names if names.count(one) > 1}):
            raise ValueError(f"two fields are called {', '.join(twice)}")
        if twice := sorted({one for one in mapped if mapped.count(one) > 1}):
            raise ValueError(f"two fields are mapped to {', '.join(twice)}")
        asked = any(field.maps_to == "email" and field.required for field in self.fields)
        if self.confirm and not asked:
            raise ValueError("confirm needs a required field that is mapped to email")
        return self


class FormView(BaseModel):
    """A form as it is defined."""

    key: str
    document: FormDocument
    revision: int
    updated_at: datetime


@router.put(
    "/forms/{key}",
    dependencies=[Require("forms:write")],
    responses={status.HTTP_201_CREATED: {"model": FormView}},
)
async def put_form(
    key: Key, document: FormDocument, precondition: Precondition, tx: Transaction, response: Response
) -> FormView:
    """Define a form, or define it anew. It is shown at `/forms/{key}/page`."""
    told: dict[str, Any] = document.model_dump(mode="json")
    current = await use_cases.find(tx, key)
    precondition.check(current.revision if current else None)
    if current is None:
        response.status_code = status.HTTP_201_CREATED
        return _shown(await use_cases.create(tx, key, told), response)
    return _shown(await use_cases.replace(tx, current, told), response)


@router.get("/forms/{key}", dependencies=[Require("forms:read")])
async def get_form(key: Key, tx: Transaction, response: Response) -> FormView:
    """One form."""
    return _shown(await use_cases.read(tx, key), response)


@router.get("/forms", dependencies=[Require("forms:read")])
async def list_forms(tx: Transaction, wanted: PageWanted) -> Page[FormView]:
    """All forms, in the order of their keys."""
    found = await use_cases.list_forms(tx, wanted.after(str), wanted.fetch)
    return wanted.page([_view(one) for one in found], lambda one: one.key)


def _shown(form: StoredForm, response: Response) -> FormView:
    response.headers["ETag"] = etag(form.revision)
    return _view(form)


def _view(form: StoredForm) -> FormView:
    return FormView.model_validate(
        {"key": form.key, "document": form.document, "revision": form.revision, "updated_at": form.updated_at}
    )
