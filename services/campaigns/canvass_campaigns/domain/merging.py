"""Which journeys of contacts that turned out to be others go on with those, and which are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from canvass_campaigns.domain.model import Journey


@dataclass(frozen=True, slots=True)
class Merged:
    handed_over: tuple[tuple[Journey, UUID], ...]
    """A journey, and the contact who walks it from now on."""
    over: tuple[Journey, ...]
    """Their contact walks, or has walked, the same campaign already."""


def merge_journeys(merges: Mapping[UUID, UUID], journeys: Sequence[Journey]) -> Merged:
    """`journeys` are all those of the losers (the keys) and the winners, in the order they are to be kept."""
    taken = {_walk(journey, journey.contact_id) for journey in journeys if journey.contact_id not in merges}
    handed_over: list[tuple[Journey, UUID]] = []
    over: list[Journey] = []
    for journey in journeys:
        winner = merges.get(journey.contact_id)
        if winner is None:
            continue
        if _walk(journey, winner) in taken:
            over.append(journey)
        else:
            taken.add(_walk(journey, winner))
            handed_over.append((journey, winner))
    return Merged(tuple(handed_over), tuple(over))


def _walk(journey: Journey, contact_id: UUID) -> tuple[UUID, str, int]:
    return contact_id, journey.campaign, journey.entry
