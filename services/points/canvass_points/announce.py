"""The door out: scores that have changed."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from canvass_messaging.outbox import say
from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import derived
from canvass_schemas.points import ScoreChanged, ScoreChangedData

from canvass_points.domain.model import ScoreChange
from canvass_points.tables import messaging


async def scores_changed(tx: Tx, changes: Sequence[ScoreChange], causes: Mapping[UUID, Fact[Any]]) -> None:
    """Say what has become of scores. `causes` by contact."""
    await say(tx, messaging.outbox, [_said(change, causes[change.contact_id]) for change in changes])


def _said(change: ScoreChange, cause: Fact[Any]) -> ScoreChanged:
    return ScoreChanged.of(
        ScoreChangedData(score=change.score, previous=change.previous, revision=change.revision),
        subject=change.contact_id,
        time=cause.time,
        cause=cause,
        id=derived("score", change.contact_id, change.revision),
    )
