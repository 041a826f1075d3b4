"""What a batch of facts concerns: which contacts to judge by which segments, and because of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import TypeAlias
from uuid import UUID

from canvass_rules import BehaviourKind, Facts

from canvass_segments.domain.listening import Listening
from canvass_segments.domain.model import Behaviour, SegmentKey

Concern: TypeAlias = Mapping[UUID, Mapping[SegmentKey, UUID]]
"""For each contact the segments to judge it by, each with the id of the event that is the reason."""


def of_behaviours(listening: Listening, done: Iterable[Behaviour]) -> Concern:
    """Of several behaviours that concern a segment, the latest is the reason."""
    concerned: dict[UUID, dict[SegmentKey, UUID]] = defaultdict(dict)
    for behaviour in sorted(done, key=attrgetter("at")):
        for segment in listening.to_behaviour(behaviour):
            concerned[behaviour.contact_id][segment] = behaviour.event_id
    return concerned


def of_moves(
    listening: Listening, moved: Iterable[tuple[UUID, BehaviourKind, str]], heard: Mapping[UUID, UUID]
) -> Concern:
    """Behaviours have become those of other contacts: whose now, kind and name."""
    concerned: dict[UUID, set[SegmentKey]] = defaultdict(set)
    for contact_id, kind, name in moved:
        concerned[contact_id] |= listening.to_named(kind, name)
    return _because_of(heard, concerned)


def of_fields(
    listening: Listening,
    before: Mapping[UUID, Facts],
    after: Mapping[UUID, Facts],
    heard: Mapping[UUID, UUID],
) -> Concern:
    """Fields or tags of the contacts in `before` have changed."""
    return _because_of(heard, {id_: listening.to_change(was, after[id_]) for id_, was in before.items()})


def with_new(listening: Listening, concerned: Concern, heard: Mapping[UUID, UUID]) -> Concern:
    """Beside what is concerned anyway, contacts that are heard of for the first time."""
    new = _because_of(heard, dict.fromkeys(heard, listening.at_first_sight))
    both = concerned.keys() | new.keys()
    return {id_: {**new.get(id_, {}), **concerned.get(id_, {})} for id_ in both}


def segments_of(concerned: Concern) -> list[SegmentKey]:
    """All segments that any of the contacts is to be judged by, in order."""
    return sorted({segment for segments in concerned.values() for segment in segments})


def _because_of(heard: Mapping[UUID, UUID], concerned: Mapping[UUID, Iterable[SegmentKey]]) -> Concern:
    """One event for all that concerns a contact."""
    return {id_: dict.fromkeys(segments, heard[id_]) for id_, segments in concerned.items() if segments}
