"""What a campaign document may say, and how much of it: read by the reader and by the schemas alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

from canvass_rules import BehaviourKind

from canvass_campaigns.domain.model import Asks, MessageClass

MAX_STEPS = 1_000
MAX_SOURCES = 100
MAX_BRANCHES = 20
"""So many steps may follow one step, or begin a campaign, side by side."""
MAX_VALUES = 50
MAX_VALUE_DEPTH = 5
MAX_TEXT = 1_000

KEY: Final = "[a-z0-9][a-z0-9_-]{0,99}"
CLASSES: tuple[MessageClass, ...] = get_args(MessageClass)

Form: TypeAlias = Literal[
    "key", "step", "ways", "class", "values", "duration", "time", "flag", "text", "here", "where", "rules"
]
"""How a field is written."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a step. `refers_to` says what a key is the key of, so that a form can offer those."""

    name: str
    form: Form
    title: str
    says: str
    required: bool = False
    refers_to: Literal["template", "destination", "segment", "form", "step"] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of step. It is told by `word` (`do`, `decide`, `if`), which holds `name` but in a condition."""

    name: str
    word: Literal["do", "decide", "if"]
    title: str
    says: str
    fields: tuple[Field, ...]


_NEXT = Field("next", "ways", "Next", "The step that follows, several side by side, or null for the end.")
_YES = Field("yes", "ways", "Yes", "What follows if so.")
_NO = Field("no", "ways", "No", "What follows if not.")
_CLASS = Field(
    "class",
    "class",
    "Class",
    "A marketing message needs consent (the default), a transactional one does not.",
)
_VALUES = Field(
    "values", "values", "Values", "What to add: templates know it as `values`, and a webhook holds it."
)
_DESTINATION = Field("destination", "key", "Destination", "Where it goes.", True, "destination")
_WITHIN = Field(
    "within",
    "duration",
    "Patience",
    "How long to wait before it is no, such as P3D; without it the decision waits for ever. It counts from "
    "when the message named by `of` was sent, else from when the decision is reached.",
)
_SINCE = Field(
    "since",
    "here",
    "Since",
    "`here` forgets what was done before the decision was reached. Otherwise all counts since the nearest "
    "action above.",
)
_WHERE = Field("where", "where", "Where", "What must hold of the behaviour, in the rule language.")
_OF = Field(
    "of",
    "step",
    "Of",
    "The step above that sends the message; without it any message will do.",
    refers_to="step",
)
_PATIENT = (_WHERE, _WITHIN, _SINCE, _YES, _NO)


def _template(channel: str) -> Field:
    return Field("template", "key", "Template", f"The {channel} template to send.", True, "template")


_KINDS = (
    Kind(
        "send_email",
        "do",
        "Send an e-mail",
        "Rests until it is sent, or known that it will not be.",
        (_template("email"), _CLASS, _VALUES, _NEXT),
    ),
    Kind(
        "send_sms",
        "do",
        "Send a text message",
        "Rests until it is sent, or known that it will not be.",
        (_template("sms"), _CLASS, _VALUES, _NEXT),
    ),
    Kind(
        "webhook",
        "do",
        "Call a webhook",
        "Tells another system of the contact, signed.",
        (_DESTINATION, _VALUES, _NEXT),
    ),
    Kind(
        "notify",
        "do",
        "Notify our people",
        "An e-mail to people of ours, about the contact.",
        (
            _DESTINATION,
            Field("template", "key", "Template", "What to write.", refers_to="template"),
            _VALUES,
            _NEXT,
        ),
    ),
    Kind(
        "wait",
        "do",
        "Wait",
        "Rests for so long, or until a time.",
        (
            Field("for", "duration", "For", "How long, such as PT4H, P3D or P2W."),
            Field(
                "until", "time", "Until", "A time, such as 2026-12-24T09:00:00+01:00. Once past, it goes on."
            ),
            _NEXT,
        ),
    ),
    Kind(
        "change_segment",
        "do",
        "Change a segment",
        "Puts the contact into a segment, or out of it.",
        (
            Field("segment", "key", "Segment", "Which one.", True, "segment"),
            Field("member", "flag", "Member", "Whether the contact is to be in it (the default) or not."),
            _NEXT,
        ),
    ),
    Kind(
        "opened",
        "decide",
        "Opens an e-mail?",
        "Yes when an e-mail is opened, or a link of it clicked.",
        (_OF, *_PATIENT),
    ),
    Kind(
        "clicked",
        "decide",
        "Clicks a link?",
        "Yes when a link of a message is clicked.",
        (_OF, Field("url", "text", "Address", "Where the link leads; * stands for anything."), *_PATIENT),
    ),
    Kind(
        "page",
        "decide",
        "Visits a page?",
        "Yes when a page is viewed.",
        (
            Field("path", "text", "Path", "Such as /pricing; * stands for anything."),
            Field("url", "text", "Address", "The whole address; * stands for anything."),
            *_PATIENT,
        ),
    ),
    Kind(
        "event",
        "decide",
        "Does something?",
        "Yes when an event is tracked.",
        (Field("event", "text", "Event", "Its name, as the site calls it.", True), *_PATIENT),
    ),
    Kind(
        "form",
        "decide",
        "Submits a form?",
        "Yes when a form is submitted.",
        (Field("form", "key", "Form", "Which one; without it any.", refers_to="form"), *_PATIENT),
    ),
    Kind(
        "if",
        "if",
        "Condition",
        "Asks what is known of the contact now, and goes on at once.",
        (Field("if", "rules", "If", "What must hold of the contact, in the rule language.", True), _YES, _NO),
    ),
)

KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in _KINDS}

HEARS: Final[Mapping[Asks, tuple[BehaviourKind, ...]]] = {
    "opened": ("email_opened", "link_clicked"),  # who clicks has read it, though no picture was loaded
    "clicked": ("link_clicked",),
    "page": ("page_viewed",),
    "event": ("event_tracked",),
    "form": ("form_submitted",),
}
"""The behaviours that answer each decision: the first has all that its `where` may ask for."""

SHORT: Final[Mapping[str, str]] = {"url": "url", "path": "path", "event": "name", "form": "form"}
"""Fields that stand for a rule about the behaviour, and what it asks for."""
