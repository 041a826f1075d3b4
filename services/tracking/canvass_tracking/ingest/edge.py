"""All doors of the edge, in front of the rest: the hot one first."""

from canvass_runtime.clock import Clock
from canvass_runtime.db import Database
from canvass_runtime.links import Links
from starlette.types import ASGIApp

from canvass_tracking.ingest.asgi import Ingest
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.ingest.intake import Intake
from canvass_tracking.ingest.pixels import Pixels
from canvass_tracking.ingest.reactions import Reactions
from canvass_tracking.ingest.snippet.asgi import Snippet
from canvass_tracking.ingest.write_keys import WriteKeys


def edge(
    others: ASGIApp,
    database: Database,
    clock: Clock,
    *,
    group: GroupCommit,
    links: Links,
    max_bytes: int,
    public_url: str | None = None,
) -> ASGIApp:
    """The whole of what is served. `max_bytes` bounds a body; `public_url` is where browsers reach it."""
    write_keys = WriteKeys(database)
    intake = Intake(write_keys, group, clock)
    reactions = Reactions(Snippet(others, write_keys, public_url), links, group, clock)
    return Ingest(Pixels(reactions, intake), intake, max_bytes)
