"""The door out: scores that have changed, thresholds that were crossed, and what triggers want then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from canvass_messaging.outbox import say
from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import derived
from canvass_schemas.points import (
    ScoreChanged,
    ScoreChangedData,
    ThresholdCrossed,
    ThresholdCrossedData,
    TriggerMembershipWanted,
    TriggerMembershipWantedData,
    TriggerMessageWanted,
    TriggerMessageWantedData,
)

from canvass_points.domain.model import ChangeSegment, Crossing, Notify, Reaction, ScoreChange, Webhook
from canvass_points.tables import messaging


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a score has changed: a fact, or somebody by hand."""

    at: datetime
    contact_revision: int = 0
    """The contact as whoever told it knew it: what is wanted now needs it known at least so well."""
    fact: Fact[Any] | None = None


async def changed(
    tx: Tx, changes: Iterable[ScoreChange], crossings: Sequence[Crossing], causes: Mapping[UUID, Cause]
) -> None:
    """Say what has become of scores, and what is wanted because of it. `causes` by contact."""
    said: list[Fact[Any]] = [
        _changed(change, causes[change.contact_id]) for change in changes if change.score != change.previous
    ]
    for crossing in crossings:
        said += _crossed(crossing, causes[crossing.contact_id])
    await say(tx, messaging.outbox, said)


def _changed(change: ScoreChange, cause: Cause) -> ScoreChanged:
    data = ScoreChangedData(score=change.score, previous=change.previous, revision=change.revision)
    return ScoreChanged.of(
        data, **_about(change.contact_id, cause), id=derived("score", change.contact_id, change.revision)
    )


def _crossed(crossing: Crossing, cause: Cause) -> Iterable[Fact[Any]]:
    data = ThresholdCrossedData(
        trigger=crossing.trigger.key,
        threshold=crossing.trigger.at,
        score=crossing.score,
        contact_revision=cause.contact_revision,
    )
    about, names = _about(crossing.contact_id, cause), _names(crossing)
    yield ThresholdCrossed.of(data, **about, id=derived("crossed", *names))
    for number, reaction in enumerate(crossing.trigger.reactions):
        effect_id = derived("reaction", *names, number)
        request = {
            "effect_id": effect_id,
            "contact_revision": cause.contact_revision,
            "trigger": crossing.trigger.key,
        }
        yield _wanted(reaction, crossing, request, {**about, "id": effect_id})


def _wanted(
    reaction: Reaction, crossing: Crossing, request: dict[str, Any], about: dict[str, Any]
) -> Fact[Any]:
    values: dict[str, Any] = {"score": crossing.score, "threshold": crossing.trigger.at}
    match reaction:
        case Webhook(destination, more):
            message = {"channel": "webhook", "destination": destination, "values": {**values, **more}}
        case Notify(destination, template):
            message = {
                "channel": "notify",
                "destination": destination,
                "template": template,
                "values": values,
            }
        case ChangeSegment(segment, member):
            data = TriggerMembershipWantedData(**request, segment=segment, member=member)
            return TriggerMembershipWanted.of(data, **about)
        case _:
            assert_never(reaction)
    wanted = TriggerMessageWantedData(**request, **message, message_class="transactional")
    return TriggerMessageWanted.of(wanted, **about)


def _names(crossing: Crossing) -> tuple[str | UUID | int, ...]:
    """What names a crossing for ever: of a trigger that is set off once, the contact alone."""
    trigger = crossing.trigger
    return (trigger.key, crossing.contact_id, crossing.revision if trigger.each_time else "once")


def _about(contact_id: UUID, cause: Cause) -> dict[str, Any]:
    return {"subject": contact_id, "time": cause.at, "cause": cause.fact}
