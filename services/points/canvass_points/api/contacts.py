"""The points of contacts: their scores, what these come from, and changes of them by hand."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from canvass_runtime.app import Now, Transaction
from canvass_runtime.auth import Caller, Require
from canvass_runtime.idempotency import OnceOnly, once_in
from canvass_runtime.pagination import Page, PageWanted
from canvass_schemas.ids import uuid7
from fastapi import APIRouter, Depends, status
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from canvass_points.domain.model import BY_HAND, MAX_DELTA, Adjustment
from canvass_points.store import ledger, scores
from canvass_points.store.ledger import Line
from canvass_points.tables import idempotency_keys
from canvass_points.use_cases import adjusting

router = APIRouter(tags=["contacts"])

Once = Annotated[OnceOnly, Depends(once_in(idempotency_keys))]
Writer = Annotated[Caller, Require("points:write")]


class ScoreView(BaseModel):
    """The points of a contact."""

    contact_id: UUID
    """Who the contact is today: another than was asked for, if it was merged."""
    score: int
    """The sum of its ledger."""
    revision: int
    """Grows with each change of the score; 0 before the first."""


class LineView(BaseModel):
    """What was earned at one time, and by what."""

    at: datetime
    """When the contact did it, or somebody adjusted the score."""
    kind: Literal["action", "adjustment"]
    delta: int
    action: str | None
    """The key of the action."""
    action_revision: int | None
    """Of the action's definition as it was then."""
    event_id: UUID
    """Of the behaviour, or of the adjustment."""
    reason: str | None
    """Why somebody has adjusted the score."""
    adjusted_by: str | None
    """The name of the key that was used."""

    @classmethod
    def of(cls, line: Line) -> "LineView":
        """As it is remembered."""
        by_hand = {"kind": "adjustment", "action": None, "action_revision": None}
        shown = {"kind": "action", **asdict(line)}
        return cls.model_validate(shown | by_hand if line.action == BY_HAND else shown)


def _not_zero(delta: int) -> int:
    if delta == 0:
        raise ValueError("must not be 0")
    return delta


class AdjustmentWanted(BaseModel):
    """Points to give, or to take."""

    model_config = ConfigDict(extra="forbid")

    delta: Annotated[int, Field(strict=True, ge=-MAX_DELTA, le=MAX_DELTA), AfterValidator(_not_zero)]
    """Not 0."""
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    """For whoever asks later why the score is what it is."""


class AdjustmentView(BaseModel):
    """A change of a score by hand, and the score after it."""

    id: UUID
    """Its line in the ledger has it as `event_id`."""
    contact_id: UUID
    """Who the contact is today: another than was asked for, if it was merged."""
    at: datetime
    delta: int
    reason: str
    adjusted_by: str
    score: int
    revision: int
    """Of the score."""


@router.get("/contacts/{contact_id}/score", dependencies=[Require("points:read")])
async def get_score(contact_id: UUID, tx: Transaction) -> ScoreView:
    """The points of a contact: 0 for who has earned none yet."""
    score = await scores.read_today(tx, contact_id)
    return ScoreView(contact_id=score.contact_id, score=score.score, revision=score.revision)


@router.get("/contacts/{contact_id}/ledger", dependencies=[Require("points:read")])
async def list_ledger(contact_id: UUID, tx: Transaction, wanted: PageWanted) -> Page[LineView]:
    """What a contact has earned by what, the latest first."""
    today = (await scores.read_today(tx, contact_id)).contact_id
    found = await ledger.read_lines(tx, today, wanted.after(tuple[datetime, UUID, str]), wanted.fetch)
    return wanted.page(
        [LineView.of(one) for one in found], lambda one: (one.at, one.event_id, one.action or BY_HAND)
    )


@router.post("/contacts/{contact_id}/adjustments", status_code=status.HTTP_201_CREATED)
async def adjust_score(
    contact_id: UUID, wanted: AdjustmentWanted, *, caller: Writer, tx: Transaction, now: Now, once: Once
) -> AdjustmentView:
    """Give points by hand, or take them. Thresholds that are reached by it are crossed.

    With an `Idempotency-Key`, the same request again changes nothing and gets the same answer, for a day.
    """

    async def adjust() -> AdjustmentView:
        adjustment = Adjustment(contact_id, uuid7(), wanted.delta, wanted.reason, caller.name, now)
        change = await adjusting.adjust(tx, adjustment)
        return AdjustmentView(
            id=adjustment.id,
            contact_id=change.contact_id,
            at=now,
            delta=wanted.delta,
            reason=wanted.reason,
            adjusted_by=caller.name,
            score=change.score,
            revision=change.revision,
        )

    return await once(tx, AdjustmentView, adjust)
