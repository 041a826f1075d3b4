"""A trigger's document (parsed JSON) becomes a trigger, or says all that is wrong with it and where.

{"name": "Hot prospect", "at": 100, "do": [
  {"webhook": "crm", "values": {"stage": "Hot Prospect"}},
  {"notify": "sales", "template": "hot-prospect"},
  {"segment": "hot", "member": true}]}
"""

from __future__ import annotations

import re
from typing import cast

from canvass_rules import Malformed
from canvass_rules.reading import Reader, shown

from canvass_points.domain.action_document import MAX_NAME, is_whole, read_active
from canvass_points.domain.model import (
    MAX_THRESHOLD,
    ChangeSegment,
    Notify,
    Reaction,
    Trigger,
    TriggerKey,
    Webhook,
)
from canvass_points.domain.webhook_values import read_values

MAX_REACTIONS = 10

KEY = r"[a-z0-9][a-z0-9_-]{0,99}"
_KEY = re.compile(KEY)


def read_trigger(document: object, *, key: TriggerKey, revision: int) -> Trigger:
    """The trigger. Raises Malformed with all problems found."""
    reader = _TriggerReader()
    trigger = reader.trigger(document, key, revision)
    if reader.problems or trigger is None:
        raise Malformed(reader.problems)
    return trigger


class _TriggerReader(Reader):
    def trigger(self, document: object, key: TriggerKey, revision: int) -> Trigger | None:
        members = self.members(document, "", ("name", "at", "do"), ("repeat", "active"))
        if members is None:
            return None
        self.text(members["name"], "/name", MAX_NAME)
        at = members["at"]
        if not is_whole(at, 1, MAX_THRESHOLD):
            self.refuse("/at", f"must be a whole number from 1 to {MAX_THRESHOLD}, not {shown(at)}")
        reactions = self._reactions(members["do"])
        repeat = self.word(members.get("repeat", "once"), "/repeat", ("once", "each_time"))
        active = read_active(self, members)
        return Trigger(key, revision, cast("int", at), reactions, repeat == "each_time", active)

    def _reactions(self, document: object) -> tuple[Reaction, ...]:
        items = cast("list[object]", document) if isinstance(document, list) else []
        if not 1 <= len(items) <= MAX_REACTIONS:
            self.refuse("/do", f"must be a list of 1 to {MAX_REACTIONS} things to do")
            return ()
        read = [self._reaction(item, f"/do/{number}") for number, item in enumerate(items)]
        return tuple(reaction for reaction in read if reaction)

    def _reaction(self, document: object, at: str) -> Reaction | None:
        words = cast("dict[str, object]", document) if isinstance(document, dict) else {}
        if "webhook" in words:
            return self._webhook(words, at)
        if "notify" in words:
            return self._notify(words, at)
        if "segment" in words:
            return self._segment(words, at)
        kinds = '{"webhook", "values"}, {"notify", "template"} or {"segment", "member"}'
        return self.refuse(at, f"must be {kinds}")

    def _webhook(self, document: object, at: str) -> Webhook | None:
        members = self.members(document, at, ("webhook",), ("values",)) or {}
        destination = self._key(members.get("webhook"), f"{at}/webhook")
        values = read_values(self, members.get("values", {}), f"{at}/values")
        return Webhook(destination, values) if destination else None

    def _notify(self, document: object, at: str) -> Notify | None:
        members = self.members(document, at, ("notify",), ("template",)) or {}
        destination, template = self._key(members.get("notify"), f"{at}/notify"), members.get("template")
        if template is not None:
            template = self._key(template, f"{at}/template")
        return Notify(destination, template) if destination else None

    def _segment(self, document: object, at: str) -> ChangeSegment | None:
        members = self.members(document, at, ("segment",), ("member",)) or {}
        segment, member = self._key(members.get("segment"), f"{at}/segment"), members.get("member", True)
        if not isinstance(member, bool):
            return self.refuse(f"{at}/member", f"must be true or false, not {shown(member)}")
        return ChangeSegment(segment, member) if segment else None

    def _key(self, document: object, at: str) -> str | None:
        if isinstance(document, str) and _KEY.fullmatch(document):
            return document
        return self.refuse(
            at, f"must be a key: 1 to 100 lower-case letters, digits, - and _, not {shown(document)}"
        )
