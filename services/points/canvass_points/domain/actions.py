"""What behaviours earn. Exact names are looked up, so that a view costs as much for 500 actions as for 5."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from canvass_points.domain.model import Action, ActionKey, Behaviour, BehaviourKind, Entry
from canvass_points.domain.paths import matches


class Actions:
    """Made anew whenever a definition changes; read for every behaviour."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._exact: dict[tuple[BehaviourKind, str], list[Action]] = defaultdict(list)
        self._patterns: dict[BehaviourKind, list[Action]] = defaultdict(list)
        for action in actions:
            if not action.active:
                continue
            if "*" in action.name:
                self._patterns[action.on].append(action)
            else:
                self._exact[action.on, action.name].append(action)

    def meaning(self, behaviour: Behaviour) -> list[Action]:
        """The actions that this behaviour is."""
        exact = self._exact.get((behaviour.kind, behaviour.name), ())
        patterns = self._patterns.get(behaviour.kind, ())
        return [*exact, *(action for action in patterns if matches(action.name, behaviour.name))]

    def earned(self, behaviours: Iterable[Behaviour]) -> list[Entry]:
        """The lines to write, each once although a behaviour may stand in the batch twice."""
        lines: dict[tuple[object, ActionKey], Entry] = {}
        for behaviour in behaviours:
            for action in self.meaning(behaviour):
                lines[behaviour.event_id, action.key] = _entry(behaviour, action)
        return list(lines.values())


def _entry(behaviour: Behaviour, action: Action) -> Entry:
    return Entry(
        contact_id=behaviour.contact_id,
        event_id=behaviour.event_id,
        action=action.key,
        action_revision=action.revision,
        delta=action.delta,
        at=behaviour.at,
    )
