"""A campaign document (parsed JSON) becomes a campaign, or says all that is wrong with it and where.

    {"name": "Hot leads", "sources": [{"segment": "hot"}], "steps": {
        "welcome": {"do": "send_email", "template": "welcome", "next": "later"},
        "later":   {"do": "wait", "for": "P3D", "next": ["remind", "survey"]}, ...}}

It starts at the first step, unless `start` says otherwise. `next`, `yes` and `no` take one step, several
side by side, or null for the end. What each step takes is in `vocabulary`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from canvass_rules.reading import Malformed, listed, pointer

from canvass_campaigns.domain.fields import FieldReader
from canvass_campaigns.domain.graph import problems_of_graph
from canvass_campaigns.domain.model import (
    Campaign,
    EventSource,
    FormSource,
    SegmentSource,
    Source,
    Step,
    StepId,
)
from canvass_campaigns.domain.steps import made
from canvass_campaigns.domain.vocabulary import KINDS, MAX_SOURCES, MAX_STEPS, Kind


def read_blueprint(document: object, *, key: str, version: int) -> Campaign:
    """The campaign that a document draws. Raises Malformed with all problems found."""
    reader = _BlueprintReader()
    campaign = reader.campaign(document, key, version)
    if campaign and not reader.problems:
        reader.problems += problems_of_graph(campaign)
    if reader.problems or campaign is None:
        raise Malformed(reader.problems)
    return campaign


class _BlueprintReader(FieldReader):
    def campaign(self, document: object, key: str, version: int) -> Campaign | None:
        required, optional = ("name", "sources", "steps"), ("campaign", "description", "start")
        members = self.members(document, "", required, optional)
        if members is None:
            return None
        if members.get("campaign", key) != key:
            self.refuse("/campaign", f'must be "{key}", as it is called here')
        if members.get("description") is not None:
            self.text(members["description"], "/description", longest=2_000)
        name = self.text(members["name"], "/name", longest=200)
        sources = self._sources(members["sources"])
        steps = self._steps(members["steps"])
        start = self._start(members.get("start"), steps)
        return Campaign(key, version, name or "", sources, start, steps)

    def _sources(self, document: object) -> tuple[Source, ...]:
        if not isinstance(document, list) or not document:
            self.refuse("/sources", 'must name at least one source, such as {"segment": "hot"}')
            return ()
        items = cast("list[object]", document)
        if len(items) > MAX_SOURCES:
            self.refuse("/sources", f"may name {MAX_SOURCES} sources, not more")
            return ()
        read = [self._source(item, f"/sources/{i}") for i, item in enumerate(items)]
        return tuple(dict.fromkeys(source for source in read if source))

    def _source(self, document: object, at: str) -> Source | None:
        words = cast("dict[str, object]", document) if isinstance(document, dict) else {}
        kind = next((kind for kind in ("segment", "form", "event") if kind in words), None)
        match kind:
            case "segment":
                self.members(words, at, ("segment",))
                segment = self.key(words["segment"], f"{at}/segment")
                return SegmentSource(segment) if segment else None
            case "form":
                self.members(words, at, ("form",), ("where",))
                form = self.key(words["form"], f"{at}/form")
                where = self.where(words.get("where"), f"{at}/where", "form_submitted")
                return FormSource(form, where) if form else None
            case "event":
                self.members(words, at, ("event",), ("where",))
                event = self.text(words["event"], f"{at}/event", longest=200)
                where = self.where(words.get("where"), f"{at}/where", "event_tracked")
                return EventSource(event, where) if event else None
            case _:
                return self.refuse(at, 'must be an object with one of "segment", "form", "event"')

    def _start(self, document: object, steps: Mapping[StepId, Step]) -> tuple[StepId, ...]:
        if document is None:
            return tuple(steps)[:1]
        return self.ways(document, "/start")

    def _steps(self, document: object) -> dict[StepId, Step]:
        if not isinstance(document, dict) or not document:
            self.refuse(
                "/steps", 'must hold at least one step, such as {"welcome": {"do": "send_email", ...}}'
            )
            return {}
        steps = cast("dict[str, object]", document)
        if len(steps) > MAX_STEPS:
            self.refuse("/steps", f"may hold {MAX_STEPS} steps, not more")
            return {}
        read = {name: self._step(name, step) for name, step in steps.items()}
        return {name: step for name, step in read.items() if step}

    def _step(self, name: str, document: object) -> Step | None:
        at = "/steps" + pointer(name)
        if self.key(name, at) is None:
            return None
        if name.isdigit():  # in a browser's object these come first, and the first step is the start
            return self.refuse(at, "must be called by more than digits")
        if not isinstance(document, dict):
            return self.refuse(at, _SHAPES)
        words = cast("dict[str, object]", document)
        kind = self._kind(words, at)
        if kind is None:
            return None
        told = [field.name for field in kind.fields]
        required = [field.name for field in kind.fields if field.required]
        word = [] if kind.word == "if" else [kind.word]
        if (
            self.members(words, at, [*word, *required], [name for name in told if name not in required])
            is None
        ):
            return None
        before = len(self.problems)
        fields = {
            field.name: self.read(field, words[field.name], f"{at}/{field.name}", kind.name)
            for field in kind.fields
            if words.get(field.name) is not None or field.name in required
        }
        return made(self, kind.name, fields, at) if len(self.problems) == before else None

    def _kind(self, words: Mapping[str, object], at: str) -> Kind | None:
        if "if" in words:
            return KINDS["if"]
        for word in ("do", "decide"):
            if word in words:
                names = [kind.name for kind in KINDS.values() if kind.word == word]
                found = self.word(words[word], f"{at}/{word}", names)
                return KINDS[found] if found else None
        return self.refuse(at, _SHAPES)


_SHAPES = (
    f'must be an object with "do", one of {listed(k.name for k in KINDS.values() if k.word == "do")}; '
    f'or "decide", one of {listed(k.name for k in KINDS.values() if k.word == "decide")}; or "if"'
)
