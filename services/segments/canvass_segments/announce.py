"""The door out: who has entered, who has left."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from canvass_messaging.outbox import say
from canvass_runtime.db import Tx
from canvass_schemas.envelope import Fact
from canvass_schemas.ids import derived
from canvass_schemas.segments import ContactEntered, ContactLeft, MembershipData

from canvass_segments.domain.model import Membership, SegmentKey
from canvass_segments.tables import messaging

Causes = Mapping[tuple[UUID, SegmentKey], Fact[Any]]
"""What a contact entered or left a segment by."""


async def changed(tx: Tx, memberships: Sequence[Membership], causes: Causes) -> None:
    """Say what has become of memberships."""
    said = [_said(one, causes.get((one.contact_id, one.segment))) for one in memberships]
    await say(tx, messaging.outbox, said)


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
