"""The step that the fields of a document make, once each has been read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, assert_never, cast

from canvass_rules import FieldRule, Group
from canvass_rules.reading import Reader

from canvass_campaigns.domain.model import Asks, ChangeSegment, Channel, Decide, If, Send, Step, Wait
from canvass_campaigns.domain.vocabulary import KINDS, SHORT

Fields: TypeAlias = Mapping[str, Any]
"""Those that the document has, by name, each as its reader gives it."""

_CHANNELS: Mapping[str, Channel] = {
    "send_email": "email",
    "send_sms": "sms",
    "webhook": "webhook",
    "notify": "notify",
}


def made(reader: Reader, kind: str, fields: Fields, at: str) -> Step | None:
    """A step of this kind. What contradicts itself is noted at `at`."""
    if channel := _CHANNELS.get(kind):
        return _send(channel, fields)
    match kind:
        case "wait":
            return _wait(reader, fields, at)
        case "change_segment":
            return ChangeSegment(fields["segment"], fields.get("member", True), fields.get("next", ()))
        case "if":
            return If(fields["if"], fields.get("yes", ()), fields.get("no", ()))
        case _:
            return _decide(reader, cast("Asks", kind), fields, at)


def named(step: Step) -> str:
    """The kind of a step, as documents have it."""
    match step:
        case Send(channel):
            return next(kind for kind, of in _CHANNELS.items() if of == channel)
        case Wait():
            return "wait"
        case ChangeSegment():
            return "change_segment"
        case Decide(asks):
            return asks
        case If():
            return "if"
        case _:
            assert_never(step)


def _send(channel: Channel, fields: Fields) -> Send:
    about_us = channel in {"webhook", "notify"}
    return Send(
        channel,
        fields.get("next", ()),
        template=fields.get("template"),
        destination=fields.get("destination"),
        message_class=fields.get("class", "transactional" if about_us else "marketing"),
        values=fields.get("values", {}),
    )


def _wait(reader: Reader, fields: Fields, at: str) -> Step | None:
    if "for" in fields and "until" in fields:
        return reader.refuse(at, 'may have "for" or "until", not both')
    if "for" in fields:
        return Wait(fields.get("next", ()), lasting=fields["for"])
    if "until" in fields:
        return Wait(fields.get("next", ()), until=fields["until"])
    return reader.refuse(at, 'lacks "for" or "until"')


def _decide(reader: Reader, asks: Asks, fields: Fields, at: str) -> Step | None:
    if fields.get("no") and not fields.get("within"):
        return reader.refuse(at, 'lacks "within": a decision without it waits for ever, and never says no')
    return Decide(
        asks,
        fields.get("yes", ()),
        fields.get("no", ()),
        of=fields.get("of"),
        where=_where(asks, fields),
        within=fields.get("within"),
        here=fields.get("since", False),
    )


def _where(asks: Asks, fields: Fields) -> Group | None:
    """What `where` demands, and the fields that stand for a rule of their own."""
    told = [field.name for field in KINDS[asks].fields if field.name in SHORT and field.name in fields]
    short = tuple(_rule(SHORT[name], fields[name]) for name in told)
    where: Group | None = fields.get("where")
    if not short:
        return where
    return Group("all", (*short, where) if where else short)


def _rule(asked: str, value: str) -> FieldRule:
    return FieldRule(asked, "matches" if asked in {"path", "url"} and "*" in value else "=", value)
