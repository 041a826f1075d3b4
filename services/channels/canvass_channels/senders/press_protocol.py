"""What goes to the process that renders, and comes back: JSON in frames with their length before them."""

import struct
from dataclasses import dataclass
from typing import Any

HEAD = struct.Struct(">I")
LONGEST_FRAME = 64_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A template or what stands for one. `id` changes whenever any of it does."""

    id: str
    subject: str
    text: str
    html: str | None
    tracked: bool = False
    """Whether its links and its opening are to be heard of."""


@dataclass(frozen=True, slots=True)
class Job:
    """One message to be written. `reaction` has the fields of `canvass_runtime.links.Reaction` as texts."""

    source: Source
    values: dict[str, Any]
    reaction: dict[str, str | None] | None = None
    """None: nothing of it is tracked, and nobody can unsubscribe by it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a message says."""

    subject: str
    text: str
    html: str | None
    unsubscribe_url: str | None


@dataclass(frozen=True, slots=True)
class Spoiled:
    """There can be no such message."""

    reason: str
