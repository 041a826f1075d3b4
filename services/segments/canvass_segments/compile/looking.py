"""Rules about contacts, as one query that also tells what they looked at, for people who ask why."""

import json
from collections.abc import Sequence
from typing import Any

from canvass_rules import BehaviourRule, Group, dump_where, mentions, written_duration
from sqlalchemy import Row, Select, select

from canvass_segments.compile.history import History, Scope
from canvass_segments.compile.judging import field_value, verdict
from canvass_segments.tables import contacts

LONGEST = 200
"""Characters of the name that a behaviour is given among the values."""


class Looked:
    """A query of what `rules` make of contacts, and how its rows are read."""

    def __init__(self, rules: Sequence[Group], scope: Scope) -> None:
        self._said = [mentions(group) for group in rules]
        self._fields = sorted({field for said in self._said for field in said.fields})
        self._heard = {_named(rule): rule for said in self._said for rule in said.heard}
        history = History([rule for said in self._said for rule in said.heard], scope)
        columns = [verdict(group, history).label(f"v{place}") for place, group in enumerate(rules)]
        columns += [field_value(field).label(f"f{place}") for place, field in enumerate(self._fields)]
        columns += [history.times(rule).label(f"n{place}") for place, rule in enumerate(self._heard.values())]
        query = select(contacts.c.contact_id, contacts.c.revision, contacts.c.tags, *columns)
        self.query: Select[Any] = query.where(scope(contacts.c.contact_id)).select_from(history.joined())
        """Takes the parameter `now` if any rule has a window."""

    def holds(self, row: Row[Any], place: int) -> bool:
        """Whether the rules at `place` hold for the contact of a row."""
        return row._mapping[f"v{place}"]

    def values(self, row: Row[Any], place: int) -> dict[str, Any]:
        """What these rules looked at: by field; by tag whether it is there; for a behaviour how often."""
        said, known = self._said[place], row._mapping
        fields = {field: known[f"f{self._fields.index(field)}"] for field in sorted(said.fields)}
        tags = {f"tag {tag}": tag in row.tags for tag in sorted(said.tags)}
        names = list(self._heard)
        times = {name: known[f"n{names.index(name)}"] for name in map(_named, said.heard)}
        return fields | tags | times


def _named(rule: BehaviourRule) -> str:
    """`page_viewed {"path": "/pricing"} within P7D`."""
    where = json.dumps(dump_where(rule.where), ensure_ascii=False) if rule.where else ""
    within = f"within {written_duration(rule.within)}" if rule.within else ""
    return " ".join(part for part in (rule.behaviour, where[:LONGEST], within) if part)
