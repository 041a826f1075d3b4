"""A segment's document (parsed JSON) becomes a name and rules, or says all that is wrong with it and where.

{"name": "Canada", "rules": {"match": "all", "rules": [{"field": "country", "operator": "=", "value": "CA"}]}}
"""

from __future__ import annotations

from canvass_rules import Group, Malformed, parse
from canvass_rules.reading import Reader

MAX_NAME = 200


def read_definition(document: object) -> tuple[str, Group]:
    """The name and the rules. Raises Malformed with all problems found."""
    reader = Reader()
    members = reader.members(document, "", required=("name", "rules")) or {}
    name = reader.text(members.get("name"), "/name", MAX_NAME) if members else None
    rules = _rules(reader, members["rules"]) if members else None
    if reader.problems or name is None or rules is None:
        raise Malformed(reader.problems)
    return name, rules


def _rules(reader: Reader, document: object) -> Group | None:
    try:
        return parse(document, "/rules")
    except Malformed as error:
        reader.problems.extend(error.problems)
        return None
