"""What behaviours earn. Exact names are looked up, so that a view costs as much for 500 actions as for 5."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from canvass_rules import BehaviourKind, FieldRule, matches
from canvass_rules.vocabulary import PROPERTY

from canvass_points.domain.model import Action, ActionKey, Behaviour, Entry

_NAME: Mapping[BehaviourKind, str] = {
    "page_viewed": "path",
    "event_tracked": "name",
    "form_submitted": "form",
    "email_opened": "template",
    "link_clicked": "url",
}
"""What most actions ask each behaviour for."""


class Actions:
    """Made anew whenever a definition changes; read for every behaviour."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._named: dict[tuple[BehaviourKind, str], list[Action]] = defaultdict(list)
        self._unnamed: dict[BehaviourKind, list[Action]] = defaultdict(list)
        for action in actions:
            if action.active:
                name = _name(action)
                listening = self._unnamed[action.on] if name is None else self._named[action.on, name]
                listening.append(action)
        self.heard = frozenset([*self._unnamed, *(kind for kind, _ in self._named)])
        """The kinds of behaviours that any of them listens to."""

    def meaning(self, behaviour: Behaviour) -> list[Action]:
        """The actions that this behaviour is."""
        name = str(behaviour.details.get(_NAME[behaviour.kind]))
        named = self._named.get((behaviour.kind, name), [])
        candidates = [*named, *self._unnamed.get(behaviour.kind, [])]
        if not candidates:
            return []
        values = _values(behaviour)
        return [action for action in candidates if matches(action.where, values)]

    def earned(self, behaviours: Iterable[Behaviour]) -> list[Entry]:
        """The lines to write: one for an event, although it may stand in the batch twice; where once is
        enough, one for a contact: the earliest.
        """
        lines: dict[tuple[object, ActionKey], Entry] = {}
        for behaviour in behaviours:
            for action in self.meaning(behaviour):
                place = (behaviour.contact_id if action.once else behaviour.event_id, action.key)
                entry = _entry(behaviour, action)
                if place not in lines or _when(entry) < _when(lines[place]):
                    lines[place] = entry
        return list(lines.values())


def _name(action: Action) -> str | None:
    """The one name that a behaviour must have to be this action, if it says so."""
    if action.where is None or action.where.match != "all":
        return None
    for rule in action.where.rules:
        if isinstance(rule, FieldRule) and rule.field == _NAME[action.on] and rule.operator == "=":
            return str(rule.value)
    return None


def _values(behaviour: Behaviour) -> dict[str, object]:
    properties = {PROPERTY + name: value for name, value in behaviour.properties.items()}
    return {**behaviour.details, **properties}


def _when(entry: Entry) -> tuple[object, ...]:
    return entry.at, entry.event_id


def _entry(behaviour: Behaviour, action: Action) -> Entry:
    return Entry(
        contact_id=behaviour.contact_id,
        event_id=behaviour.event_id,
        action=action.key,
        action_revision=action.revision,
        delta=action.delta,
        at=behaviour.at,
        once=action.once,
    )
