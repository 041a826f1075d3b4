"""By which sender, or to which destination, a message goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from canvass_channels.domain.model import Wanted

Kind: TypeAlias = Literal["smtp", "sms"]
DEFAULT = "default"

_SENDERS: Mapping[str, Kind] = MappingProxyType({"email": "smtp", "sms": "sms", "notify": "smtp"})
"""What kind of sender a channel takes; webhooks need none."""
CHANNELS = (*_SENDERS, "webhook")


@dataclass(frozen=True, slots=True)
class TemplateKnown:
    """What of a template decides the way of a message."""

    revision: int
    channel: str
    sender: str | None


@dataclass(frozen=True, slots=True)
class DestinationKnown:
    """What of a destination decides the way of a message."""

    revision: int
    kind: str
    disabled: str | None
    """Why nothing is sent to it any more."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way out. Without a sender it is the built-in outbox; with `wrong` or `missing` there is none."""

    sender: str | None = None
    wrong: str = ""
    missing: str = ""


def route(
    channel: str,
    wanted: Wanted,
    template: TemplateKnown | None,
    destination: DestinationKnown | None,
    senders: Mapping[str, str],
) -> Route:
    """The way of a message. `senders`: the kind of each by its key."""
    if channel not in CHANNELS:
        return Route(wrong=f"there is no channel {channel!r}")
    hindered = None
    if channel in ("webhook", "notify"):
        hindered = _hindered_by_destination(channel, wanted, destination)
    if hindered is None and (channel in ("email", "sms") or (channel == "notify" and wanted.template)):
        hindered = _hindered_by_template(channel, wanted, template)
    if hindered:
        return hindered
    if channel not in _SENDERS:
        return Route()
    return choose_sender(_SENDERS[channel], template.sender if template else None, senders)


def choose_sender(kind: Kind, named: str | None, senders: Mapping[str, str]) -> Route:
    """The sender that a template names, else the default one of its kind, else the only one, else none."""
    if named is not None:
        return _named(kind, named, senders)
    if senders.get(DEFAULT) == kind:
        return Route(DEFAULT)
    of_kind = sorted(key for key, its_kind in senders.items() if its_kind == kind)
    if len(of_kind) > 1:
        return Route(missing=f"which sender: name {' or '.join(of_kind[:3])} in the template")
    return Route(of_kind[0] if of_kind else None)


def _named(kind: Kind, named: str, senders: Mapping[str, str]) -> Route:
    if named not in senders:
        return Route(missing=f"no sender: PUT /senders/{named}")
    if senders[named] != kind:
        return Route(wrong=f"the sender {named!r} is of kind {senders[named]}, not {kind}")
    return Route(named)


def _hindered_by_template(channel: str, wanted: Wanted, template: TemplateKnown | None) -> Route | None:
    if wanted.template is None:
        return Route(wrong=f"a message by {channel} needs a template, and none is named")
    if template is None:
        return Route(missing=f"no template: PUT /templates/{wanted.template}")
    written_for = "sms" if channel == "sms" else "email"
    if template.channel != written_for:
        return Route(wrong=f"template {wanted.template!r} is for {template.channel}, not for {channel}")
    return None


def _hindered_by_destination(channel: str, wanted: Wanted, known: DestinationKnown | None) -> Route | None:
    if wanted.destination is None:
        return Route(wrong=f"a message by {channel} needs a destination, and none is named")
    if known is None:
        return Route(missing=f"no destination: PUT /destinations/{wanted.destination}")
    if known.kind != channel:
        return Route(wrong=f"destination {wanted.destination!r} is of kind {known.kind}, not {channel}")
    if known.disabled:
        return Route(wrong=f"destination {wanted.destination!r} is disabled: {known.disabled}")
    return None
