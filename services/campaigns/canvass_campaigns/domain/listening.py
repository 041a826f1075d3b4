"""Who listens for a behaviour: found by its name, so that nobody pays for what serves nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from canvass_rules import BehaviourKind, FieldRule, Group, matches

from canvass_campaigns.domain.model import (
    Campaign,
    Decide,
    EventSource,
    FormSource,
    Source,
    StepId,
)
from canvass_campaigns.domain.vocabulary import HEARS

_NAMED_BY: Final[Mapping[BehaviourKind, str]] = {
    "page_viewed": "path",
    "event_tracked": "name",
    "form_submitted": "form",
    "email_opened": "template",
    "link_clicked": "url",
}
"""What most decisions ask each behaviour for."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a contact has done. Reactions to our messages know their channel, and which step sent them."""

    id: UUID
    contact_id: UUID
    kind: BehaviourKind
    at: datetime
    values: Mapping[str, object]
    """What `where` may ask for."""
    by_known: bool = True
    """Whether the contact has told who it is: others begin nothing."""
    channel: str | None = None
    campaign: str | None = None
    journey_id: UUID | None = None
    step: StepId | None = None


@dataclass(frozen=True, slots=True)
class Ear:
    """A decision of one version of a campaign."""

    campaign: str
    version: int
    step: StepId
    decision: Decide

    def hears(self, behaviour: Behaviour) -> bool:
        """Whether the behaviour is an answer, if it comes in time."""
        if self.decision.asks == "opened" and behaviour.channel != "email":
            return False
        if self.decision.of and (behaviour.campaign, behaviour.step) != (self.campaign, self.decision.of):
            return False
        return matches(self.decision.where, behaviour.values)


_Name: TypeAlias = tuple[str, object]


@dataclass(slots=True)
class Listening:
    """What campaigns listen for: contacts enter the `published` versions, and walk all that are `walked`."""

    published: Mapping[str, Campaign]
    walked: Sequence[Campaign]
    _ears: dict[_Name, list[Ear]] = field(default_factory=lambda: defaultdict(list))
    _sources: dict[str, list[tuple[Campaign, Source]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for campaign in self.walked:
            for step, decision in campaign.steps.items():
                if isinstance(decision, Decide):
                    self._listen(Ear(campaign.key, campaign.version, step, decision))
        for campaign in self.published.values():
            for source in campaign.sources:
                match source:
                    case FormSource(key):
                        self._sources[f"form_submitted {key}"].append((campaign, source))
                    case EventSource(key):
                        self._sources[f"event_tracked {key}"].append((campaign, source))
                    case _:
                        pass

    def _listen(self, ear: Ear) -> None:
        for kind in HEARS[ear.decision.asks]:
            if ear.decision.of:
                self._ears[kind, (ear.campaign, ear.decision.of)].append(ear)
            else:
                self._ears[kind, _named(ear.decision.where, _NAMED_BY[kind])].append(ear)

    def ears(self, behaviour: Behaviour) -> list[Ear]:
        """The decisions that the behaviour answers, if it comes in time."""
        kind, name = behaviour.kind, behaviour.values.get(_NAMED_BY[behaviour.kind])
        found = self._ears.get((kind, None), [])
        if isinstance(name, str):
            found = found + self._ears.get((kind, name), [])
        found = found + self._ears.get((kind, (behaviour.campaign, behaviour.step)), [])
        return [ear for ear in found if ear.hears(behaviour)]

    def entrances(self, behaviour: Behaviour) -> list[Campaign]:
        """The published campaigns that the behaviour leads into."""
        name = behaviour.values.get(_NAMED_BY[behaviour.kind])
        open_to = self._sources.get(f"{behaviour.kind} {name}", [])
        return [
            campaign
            for campaign, source in open_to
            if isinstance(source, FormSource | EventSource) and matches(source.where, behaviour.values)
        ]


def _named(where: Group | None, field_: str) -> str | None:
    """The one name that `where` demands, if it does."""
    if where and where.match == "all":
        for rule in where.rules:
            if isinstance(rule, FieldRule) and (rule.field, rule.operator) == (field_, "="):
                return rule.value if isinstance(rule.value, str) else None
    return None
