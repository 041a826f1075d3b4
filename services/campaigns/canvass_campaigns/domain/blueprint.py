"""A campaign document (parsed JSON) becomes a campaign, or says all that is wrong with it and where.

    {"name": "Hot leads", "sources": [{"segment": "hot"}], "steps": {
        "welcome": {"do": "send_email", "template": "welcome", "next": "later"},
        "later":   {"do": "wait", "for": "P3D", "next": ["remind", "survey"]}, ...}}

It starts at the first step, unless `start` says otherwise. `next` takes one step, several side by
side, or null for the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

from canvass_rules.reading import Malformed, Reader, listed, pointer, shown

from canvass_campaigns.domain.duration import parse_duration
from canvass_campaigns.domain.graph import problems_of_graph
from canvass_campaigns.domain.model import (
    Campaign,
    MessageClass,
    SegmentSource,
    SendEmail,
    Source,
    Step,
    StepId,
    Wait,
)

MAX_STEPS = 1_000
MAX_SOURCES = 100
MAX_BRANCHES = 20
"""So many steps may follow one step, or begin a campaign, side by side."""

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_CLASSES: tuple[MessageClass, ...] = ("marketing", "transactional")


def read_blueprint(document: object, *, key: str, version: int) -> Campaign:
    """The campaign that a document draws. Raises Malformed with all problems found."""
    reader = _BlueprintReader()
    campaign = reader.campaign(document, key, version)
    if campaign and not reader.problems:
        reader.problems += problems_of_graph(campaign)
    if reader.problems or campaign is None:
        raise Malformed(reader.problems)
    return campaign


class _BlueprintReader(Reader):
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
        members = self.members(document, at, required=("segment",))
        segment = self._key(members["segment"], f"{at}/segment") if members else None
        return SegmentSource(segment) if segment else None

    def _start(self, document: object, steps: Mapping[StepId, Step]) -> tuple[StepId, ...]:
        if document is None:
            return tuple(steps)[:1]
        return self._next(document, "/start")

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
        if self._key(name, at) is None:
            return None
        if not isinstance(document, dict) or "do" not in document:
            return self.refuse(at, f'must be an object with "do", one of {listed(_KINDS)}')
        members = cast("dict[str, object]", document)
        kind = self.word(members["do"], f"{at}/do", tuple(_KINDS))
        return _KINDS[kind](self, members, at) if kind else None

    def send_email(self, document: Mapping[str, object], at: str) -> Step | None:
        members = self.members(document, at, ("do", "template"), ("class", "next"))
        if members is None:
            return None
        template = self._key(members["template"], f"{at}/template")
        message_class = self.word(members.get("class", "marketing"), f"{at}/class", _CLASSES)
        following = self._next(members.get("next"), f"{at}/next")
        return SendEmail(template, message_class, following) if template and message_class else None

    def wait(self, document: Mapping[str, object], at: str) -> Step | None:
        members = self.members(document, at, ("do", "for"), ("next",))
        if members is None:
            return None
        lasting = parse_duration(members["for"])
        following = self._next(members.get("next"), f"{at}/next")
        if lasting is None:
            allowed = "a time such as PT4H, P3D or P2W, above zero and up to ten years"
            return self.refuse(f"{at}/for", f"must be {allowed}, not {shown(members['for'])}")
        return Wait(lasting, following)

    def _next(self, document: object, at: str) -> tuple[StepId, ...]:
        """One step, several or none. Whether they exist is asked of the whole graph."""
        match document:
            case None:
                return ()
            case str():
                return (document,)
            case list():
                steps = [step for step in cast("list[object]", document) if isinstance(step, str)]
                if len(steps) == len(cast("list[object]", document)) <= MAX_BRANCHES:
                    return tuple(dict.fromkeys(steps))
            case _:
                pass
        self.refuse(at, f"must be a step's name, a list of up to {MAX_BRANCHES} of them, or null")
        return ()

    def _key(self, document: object, at: str) -> str | None:
        if isinstance(document, str) and _KEY.fullmatch(document):
            return document
        allowed = "a key of 1 to 100 lower-case letters, digits, - and _"
        return self.refuse(at, f"must be {allowed}, not {shown(document)}")


_KINDS: dict[str, Callable[[_BlueprintReader, Mapping[str, object], str], Step | None]] = {
    "send_email": _BlueprintReader.send_email,
    "wait": _BlueprintReader.wait,
}
