"""One event, judged: what it must have, what it may be, and what tracking makes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from canvass_schemas.ids import uuid7

from canvass_tracking.domain.arrivals import Arrival, day_of, mark_of
from canvass_tracking.domain.skew import happened_at
from canvass_tracking.ingest.caller import Caller
from canvass_tracking.ingest.context import joined, kept
from canvass_tracking.ingest.limits import MAX_MESSAGE_ID, Rejected
from canvass_tracking.ingest.parse import Posted
from canvass_tracking.ingest.routes import KINDS
from canvass_tracking.ingest.telling import TELLING
from canvass_tracking.ingest.times import read_time
from canvass_tracking.ingest.values import identifier
from canvass_tracking.ingest.whom import Trust, who_of


class Request(NamedTuple):
    """What holds for all events of one request."""

    source_id: int
    trust: Trust
    received: datetime
    sent: datetime | None
    context: Mapping[str, Any]
    """The batch's own."""
    nul: bool
    """Whether there may be NUL characters, which PostgreSQL cannot keep, somewhere in the body."""
    caller: Caller = Caller()
    imported: bool = False
    """Whether all of it is history, whenever it happened."""


def judge(posted: Posted, request: Request, kind: object) -> Arrival:
    """What tracking makes of an event of a kind (see `routes.Kind`). Raises Rejected."""
    message_id = identifier(posted.get("messageId"), "messageId", MAX_MESSAGE_ID, request.nul) or str(uuid7())
    known = KINDS.get(kind) if type(kind) is str else None
    if known is None:
        raise Rejected("unsupported_type", f"`type` must be one of {', '.join(KINDS)}.")
    context = joined(posted.get("context"), request.context)
    told = TELLING[known](posted, context, request.nul)
    who = who_of(posted, told, context, request.trust, request.nul)
    original = read_time(posted.get("originalTimestamp")) or read_time(posted.get("timestamp"))
    sent = request.sent or read_time(posted.get("sentAt")) or request.caller.sent
    return Arrival(
        day_of(original),
        mark_of(request.source_id, message_id),
        message_id,
        who,
        happened_at(original, sent, request.received),
        told.what,
        kept(context, request.caller),
        request.imported,
    )
