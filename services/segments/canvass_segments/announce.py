"""The door out: who has entered, who has left, and what others have asked for."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_messaging.outbox import say
from canvass_runtime.db import Tx
from canvass_schemas.campaigns import AudienceWanted, VerdictWanted
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import derived
from canvass_schemas.segments import (
    AudiencePage,
    AudiencePageData,
    ContactEntered,
    ContactLeft,
    Member,
    MembershipData,
    VerdictGiven,
    VerdictGivenData,
)

from canvass_segments.domain.model import Answer, Membership, SegmentKey
from canvass_segments.tables import messaging

Causes = Mapping[tuple[UUID, SegmentKey], Fact[Any]]
"""What a contact entered or left a segment by."""


async def changed(tx: Tx, memberships: Sequence[Membership], causes: Causes) -> None:
    """Say what has become of memberships."""
    said = [_said(one, causes.get((one.contact_id, one.segment))) for one in memberships]
    await say(tx, messaging.outbox, said)


async def answered(tx: Tx, answers: Sequence[tuple[VerdictWanted, Answer]], now: datetime) -> None:
    """Say what journeys have asked."""
    await say(tx, messaging.outbox, [_verdict(request, answer, now) for request, answer in answers])


async def page(
    tx: Tx,
    request: AudienceWanted,
    number: int,
    members: Sequence[Membership],
    *,
    last: bool,
    now: datetime,
) -> None:
    """Say a page of the audience that was asked for."""
    asked = request.data
    data = AudiencePageData(
        request_id=asked.request_id,
        campaign=asked.campaign,
        segment=asked.segment,
        page=number,
        last=last,
        members=[
            Member(contact_id=one.contact_id, revision=one.revision, contact_revision=one.contact_revision)
            for one in members
        ],
    )
    id_ = derived("audience_page", asked.request_id, number)
    await say(tx, messaging.outbox, [AudiencePage.of(data, time=now, cause=request, id=id_)])


def _said(membership: Membership, cause: Fact[Any] | None) -> Fact[Any]:
    fact = ContactEntered if membership.member else ContactLeft
    return fact.of(
        MembershipData(
            segment=membership.segment,
            revision=membership.revision,
            contact_revision=membership.contact_revision,
        ),
        subject=membership.contact_id,
        time=membership.since,
        cause=cause,
        id=derived("membership", membership.contact_id, membership.segment, membership.revision),
    )


def _verdict(request: VerdictWanted, answer: Answer, now: datetime) -> Fact[Any]:
    asked = request.data
    data = VerdictGivenData(
        effect_id=asked.effect_id,
        holds=answer.holds,
        values=dict[str, Any](answer.values),
        contact_revision=answer.contact_revision,
        campaign=asked.campaign,
        journey_id=asked.journey_id,
        step=asked.step,
        visit=asked.visit,
    )
    id_ = derived("verdict", asked.effect_id)
    return VerdictGiven.of(data, subject=request.subject, time=now, cause=request, id=id_)
