"""Facts to say, made from a seed."""

import random
from datetime import UTC, datetime
from uuid import UUID

from canvass_schemas.ids import uuid7
from canvass_schemas.tracking import (
    ContactChanged,
    ContactChangedData,
    ContactMerged,
    ContactMergedData,
    PageViewed,
    PageViewedData,
)

AT = datetime(2026, 7, 30, 12, tzinfo=UTC)


def people(number: int, seed: int) -> list[UUID]:
    """Ids of contacts."""
    chance = random.Random(seed)
    return [UUID(int=chance.getrandbits(128), version=4) for _ in range(number)]


def view(contact: UUID, **properties: object) -> PageViewed:
    id_ = uuid7()
    data = PageViewedData.model_validate(
        {"message_id": str(id_), "contact_known": True, "path": "/", "properties": properties}
    )
    return PageViewed.of(data, subject=contact, time=AT, id=id_)


def views(number: int, contacts: list[UUID], seed: int = 1) -> list[PageViewed]:
    chance = random.Random(seed)
    return [view(chance.choice(contacts)) for _ in range(number)]


def sick_view(contact: UUID) -> PageViewed:
    """A view that is set aside, and can be taken later."""
    return view(contact, sick=True)


def poisonous_view(contact: UUID) -> PageViewed:
    """A view that can never be taken."""
    return view(contact, poison=True)


def changed(contact: UUID, revision: int) -> ContactChanged:
    return ContactChanged.of(ContactChangedData(revision=revision, created_at=AT), subject=contact, time=AT)


def merged(loser: UUID, winner: UUID, revision: int) -> ContactMerged:
    data = ContactMergedData(into=winner, revision=revision)
    return ContactMerged.of(data, subject=loser, time=AT)
