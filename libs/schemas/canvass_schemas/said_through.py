"""How far each speaker has come: a hearer that has heard it knows what was *not* said until then."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from pydantic import AwareDatetime

from .envelope import Data, Fact


class SaidThroughData(Data):
    """How far."""

    at: AwareDatetime
    """The speaker's outbox holds nothing that was said at or before this."""


class SaidThrough(Fact[SaidThroughData]):
    """All that this speaker had to say until `at` has been said. Repeated every second."""


class TrackingSaidThrough(SaidThrough):
    """All that `tracking` had to say until `at` has been said. Repeated every second."""

    TYPE: ClassVar[str] = "tracking.said_through.v1"


class SegmentsSaidThrough(SaidThrough):
    """All that `segments` had to say until `at` has been said. Repeated every second."""

    TYPE: ClassVar[str] = "segments.said_through.v1"


class PointsSaidThrough(SaidThrough):
    """All that `points` had to say until `at` has been said. Repeated every second."""

    TYPE: ClassVar[str] = "points.said_through.v1"


class CampaignsSaidThrough(SaidThrough):
    """All that `campaigns` had to say until `at` has been said. Repeated every second."""

    TYPE: ClassVar[str] = "campaigns.said_through.v1"


class ChannelsSaidThrough(SaidThrough):
    """All that `channels` had to say until `at` has been said. Repeated every second."""

    TYPE: ClassVar[str] = "channels.said_through.v1"


BY_SPEAKER: Mapping[str, type[SaidThrough]] = MappingProxyType(
    {
        "tracking": TrackingSaidThrough,
        "segments": SegmentsSaidThrough,
        "points": PointsSaidThrough,
        "campaigns": CampaignsSaidThrough,
        "channels": ChannelsSaidThrough,
    }
)
