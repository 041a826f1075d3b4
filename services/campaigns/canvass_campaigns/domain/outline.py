"""The outline of a campaign: enough of a document to be drawn on, kept while it is not whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from canvass_rules.reading import Problem, Reader, pointer

from canvass_campaigns.domain.vocabulary import MAX_SOURCES, MAX_STEPS


def problems_of_outline(document: object) -> list[Problem]:
    """What keeps a document from being kept unfinished: it needs a name, and room for the rest."""
    reader = Reader()
    members = reader.members(document, "", ("name", "sources", "steps"), ("campaign", "description", "start"))
    if members is not None:
        reader.text(members["name"], "/name", longest=200)
        _sources(reader, members["sources"])
        _steps(reader, members["steps"])
    return reader.problems


def _sources(reader: Reader, document: object) -> None:
    if not isinstance(document, list) or len(cast("list[object]", document)) > MAX_SOURCES:
        reader.refuse("/sources", f"must be a list of at most {MAX_SOURCES} sources")
    else:
        _objects(reader, "/sources", enumerate(cast("list[object]", document)))


def _steps(reader: Reader, document: object) -> None:
    if not isinstance(document, dict) or len(cast("dict[str, object]", document)) > MAX_STEPS:
        reader.refuse("/steps", f"must be an object of at most {MAX_STEPS} steps, by their names")
    else:
        _objects(reader, "/steps", cast("dict[str, object]", document).items())


def _objects(reader: Reader, at: str, items: Iterable[tuple[object, object]]) -> None:
    for place, item in items:
        if not isinstance(item, dict):
            reader.refuse(at + pointer(str(place)), "must be an object")
