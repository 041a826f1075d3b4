"""Memory of audiences that were asked for, and how far each has been shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx, rows
from canvass_schemas.campaigns import AudienceWanted
from canvass_schemas.wire import dump, parse
from sqlalchemy import Float, LargeBinary, Select, Text, Uuid, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from canvass_segments.domain.model import SegmentKey
from canvass_segments.tables import audiences

_NOBODY = UUID(int=0)
_REQUEST = {"request_id": Uuid(), "segment": Text(), "request": LargeBinary()}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign wants to know, and how much of it has been told."""

    request: AudienceWanted
    segment: SegmentKey
    pages: int
    done_through: UUID


async def begin(tx: Tx, requests: Sequence[AudienceWanted]) -> None:
    """Remember requests, each once."""
    told = {one.data.request_id: (one.data.segment, dump([one])) for one in requests}
    given = rows("given", _REQUEST, [(id_, *what) for id_, what in sorted(told.items())])
    names = [*_REQUEST, "pages", "done_through"]
    inserting = insert(audiences).from_select(names, select(given, literal(0), literal(_NOBODY, Uuid())))
    await tx.execute(inserting.on_conflict_do_nothing())


def seconds_until_due() -> Select[Any]:
    """Now, if there is any."""
    return select(literal(0.0, Float)).where(select(audiences.c.request_id).exists())


async def claim(tx: Tx) -> Audience | None:
    """The one asked for first, of those that nobody else is at work on."""
    columns = [audiences.c[name] for name in ("request", "segment", "pages", "done_through")]
    query = select(*columns).order_by(audiences.c.asked_at).limit(1).with_for_update(skip_locked=True)
    found = (await tx.execute(query)).one_or_none()
    if found is None:
        return None
    [request] = parse(AudienceWanted, found.request)
    return Audience(request, found.segment, found.pages, found.done_through)


async def advance(tx: Tx, audience: Audience, through: UUID) -> None:
    """One more page has been said, through this member."""
    values = {"pages": audience.pages + 1, "done_through": through}
    await tx.execute(update(audiences).where(_is(audience)).values(values))


async def end(tx: Tx, audience: Audience) -> None:
    """All has been said."""
    await tx.execute(delete(audiences).where(_is(audience)))


def _is(audience: Audience) -> Any:
    return audiences.c.request_id == audience.request.data.request_id
