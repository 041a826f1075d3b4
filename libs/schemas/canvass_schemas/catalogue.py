"""Every fact, who says it and who hears it: the table of contents of the whole system."""

from dataclasses import dataclass
from typing import Any

from .campaigns import (
    AudienceWanted,
    CampaignPaused,
    CampaignPublished,
    JourneyEnded,
    JourneyEntered,
    MessageWanted,
    StepMembershipWanted,
    VerdictWanted,
)
from .channels import ConsentChanged, MessageFailed, MessageSent, MessageSuppressed
from .envelope import Fact
from .points import ScoreChanged, ThresholdCrossed, TriggerMembershipWanted, TriggerMessageWanted
from .said_through import (
    CampaignsSaidThrough,
    ChannelsSaidThrough,
    PointsSaidThrough,
    SegmentsSaidThrough,
    TrackingSaidThrough,
)
from .segments import AudiencePage, ContactEntered, ContactLeft, VerdictGiven
from .tracking import (
    ContactChanged,
    ContactMerged,
    EmailOpened,
    EventTracked,
    FormMessageWanted,
    FormSubmitted,
    LinkClicked,
    PageViewed,
)

SERVICES = ("tracking", "segments", "points", "campaigns", "channels")


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact. `heard_by` may be empty: then it is said for subscribers alone."""

    fact: type[Fact[Any]]
    said_by: str
    heard_by: tuple[str, ...]


CATALOGUE: tuple[Entry, ...] = (
    Entry(PageViewed, "tracking", ("segments", "points", "campaigns")),
    Entry(EventTracked, "tracking", ("segments", "points", "campaigns")),
    Entry(FormSubmitted, "tracking", ("segments", "points", "campaigns")),
    Entry(EmailOpened, "tracking", ("segments", "points", "campaigns")),
    Entry(LinkClicked, "tracking", ("segments", "points", "campaigns")),
    Entry(FormMessageWanted, "tracking", ("channels",)),
    Entry(ContactChanged, "tracking", ("segments", "campaigns", "channels")),
    Entry(ContactMerged, "tracking", ("segments", "points", "campaigns", "channels")),
    Entry(TrackingSaidThrough, "tracking", ("campaigns",)),
    Entry(ContactEntered, "segments", ("campaigns",)),
    Entry(ContactLeft, "segments", ("campaigns",)),
    Entry(VerdictGiven, "segments", ("campaigns",)),
    Entry(AudiencePage, "segments", ("campaigns",)),
    Entry(SegmentsSaidThrough, "segments", ("campaigns",)),
    Entry(ScoreChanged, "points", ("segments",)),
    Entry(ThresholdCrossed, "points", ()),
    Entry(TriggerMessageWanted, "points", ("channels",)),
    Entry(TriggerMembershipWanted, "points", ("segments",)),
    Entry(PointsSaidThrough, "points", ("campaigns",)),
    Entry(MessageWanted, "campaigns", ("channels",)),
    Entry(VerdictWanted, "campaigns", ("segments",)),
    Entry(StepMembershipWanted, "campaigns", ("segments",)),
    Entry(AudienceWanted, "campaigns", ("segments",)),
    Entry(JourneyEntered, "campaigns", ()),
    Entry(JourneyEnded, "campaigns", ()),
    Entry(CampaignPublished, "campaigns", ("channels",)),
    Entry(CampaignPaused, "campaigns", ("channels",)),
    Entry(CampaignsSaidThrough, "campaigns", ()),
    Entry(MessageSent, "channels", ("campaigns",)),
    Entry(MessageFailed, "channels", ("campaigns",)),
    Entry(MessageSuppressed, "channels", ("campaigns",)),
    Entry(ConsentChanged, "channels", ()),
    Entry(ChannelsSaidThrough, "channels", ("campaigns",)),
)

_BY_TYPE = {entry.fact.TYPE: entry for entry in CATALOGUE}


def said_by(service: str) -> tuple[type[Fact[Any]], ...]:
    """The facts that a service says."""
    return tuple(entry.fact for entry in CATALOGUE if entry.said_by == service)


def heard_by(service: str) -> tuple[type[Fact[Any]], ...]:
    """The facts that a service hears."""
    return tuple(entry.fact for entry in CATALOGUE if service in entry.heard_by)


def by_type(type: str) -> type[Fact[Any]]:  # noqa: A002 (CloudEvents' own word)
    """The class of a fact by its type. Raises KeyError for one that is not in the catalogue."""
    return _BY_TYPE[type].fact


def heard_by_of(type: str) -> tuple[str, ...]:  # noqa: A002
    """The services that hear a fact, by its type. Raises KeyError for one that is not in the catalogue."""
    return _BY_TYPE[type].heard_by
