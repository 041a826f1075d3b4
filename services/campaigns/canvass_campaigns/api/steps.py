"""The shapes of steps and of whole documents, for those who build forms and check documents themselves."""

from typing import Any

from canvass_runtime.auth import Require
from fastapi import APIRouter
from pydantic import BaseModel, Field

from canvass_campaigns.domain.step_schemas import document_schema, step_schemas

router = APIRouter()


class StepKind(BaseModel):
    """A kind of step: how it is called, and what it takes."""

    name: str
    """`send_email`, `opened`, `if`, ..."""
    word: str
    """The field that tells the kind: `do`, `decide` or `if`."""
    title: str
    description: str
    json_schema: dict[str, Any] = Field(alias="schema")
    """Draft 2020-12. `x-refers-to`: what a key is the key of (template, destination, segment, form, step)."""


class StepKinds(BaseModel):
    """All kinds of steps, and the document that holds them."""

    steps: list[StepKind]
    document: dict[str, Any]
    """The schema of a whole campaign document."""


@router.get("/schemas/steps", dependencies=[Require("campaigns:read")])
async def list_step_schemas() -> StepKinds:
    """What each kind of step takes, as JSON Schema."""
    kinds = [StepKind.model_validate(kind) for kind in step_schemas()]
    return StepKinds(steps=kinds, document=document_schema())
