"""Memory of what people define: drafts, immutable versions, and what published campaigns listen to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from canvass_runtime.db import Tx, rows
from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Row,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from canvass_campaigns.domain.blueprint import read_blueprint
from canvass_campaigns.domain.model import Campaign
from canvass_campaigns.tables import campaigns, generation, sources, versions

Status = Literal["draft", "published", "paused"]
Document = Mapping[str, Any]

KEPT_CAMPAIGNS = 1_000

_NEXT_GENERATION = (
    upsert(generation)
    .values(only=True, number=1)
    .on_conflict_do_update(index_elements=["only"], set_={"number": generation.c.number + 1})
)
"""Has every process read anew what is listened for. One publishing at a time from here to its end."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A campaign as it is defined: its draft, and what of it is in force."""

    key: str
    document: Document
    revision: int
    updated_at: datetime
    status: Status
    reason: str | None
    version: int | None


_FIELDS = ("key", "document", "revision", "updated_at", "status", "reason", "version")


async def read_definition(tx: Tx, key: str, *, lock: bool = False) -> Definition | None:
    """One campaign's definition. With `lock`, nobody else changes it until the transaction ends."""
    query = select(*(campaigns.c[name] for name in _FIELDS)).where(campaigns.c.key == key)
    row = (await tx.execute(query.with_for_update() if lock else query)).one_or_none()
    return Definition(*row) if row else None


async def list_definitions(tx: Tx, after: str | None, limit: int) -> list[Definition]:
    """Definitions in the order of their keys, those after a key."""
    query = select(*(campaigns.c[name] for name in _FIELDS)).order_by(campaigns.c.key).limit(limit)
    if after is not None:
        query = query.where(campaigns.c.key > after)
    return [Definition(*row) for row in await tx.all(query)]


async def create_draft(tx: Tx, key: str, document: Document) -> bool:
    """A new campaign; False when there is one of that key."""
    inserting = upsert(campaigns).values(key=key, document=document, revision=1)
    created = inserting.on_conflict_do_nothing().returning(campaigns.c.key)
    return bool(await tx.scalar(created))


async def replace_draft(tx: Tx, key: str, document: Document) -> None:
    """Another draft in the place of the one that is locked here."""
    values = {"document": document, "revision": campaigns.c.revision + 1, "updated_at": func.now()}
    await tx.execute(update(campaigns).where(campaigns.c.key == key).values(values))


async def read_version(tx: Tx, key: str, version: int) -> Document | None:
    """The document of one version."""
    query = select(versions.c.document).where(versions.c.campaign == key, versions.c.version == version)
    return await tx.scalar(query)


async def add_version(tx: Tx, key: str, version: int, document: Document) -> None:
    """A version is written once and never changed."""
    await tx.execute(insert(versions).values(campaign=key, version=version, document=document))


async def put_in_force(tx: Tx, campaign: Campaign) -> datetime:
    """Let this version listen to its sources; returns when."""
    await tx.execute(delete(sources).where(sources.c.campaign == campaign.key))
    listens = [("segment", segment, campaign.key) for segment in campaign.segments]
    given = rows("listens", {"kind": Text(), "key": Text(), "campaign": Text()}, listens)
    await tx.execute(insert(sources).from_select(["kind", "key", "campaign"], select(given)))
    await tx.execute(_NEXT_GENERATION)
    changed = await _change(tx, [campaign.key], status="published", version=campaign.version, reason=None)
    return changed[campaign.key]


async def put_to_rest(tx: Tx, keys: Collection[str], reason: str) -> Mapping[str, datetime]:
    """Pause those of these campaigns that are published; returns which, and when."""
    published = select(campaigns.c.key).where(
        _among(campaigns.c.key, keys), campaigns.c.status == "published"
    )
    found = await tx.scalars(published.order_by(campaigns.c.key).with_for_update())
    if not found:
        return {}
    await tx.execute(delete(sources).where(_among(sources.c.campaign, found)))
    await tx.execute(_NEXT_GENERATION)
    return await _change(tx, found, status="paused", reason=reason)


async def _change(tx: Tx, keys: Collection[str], **values: Any) -> Mapping[str, datetime]:
    """By the database's clock and under the rows' locks, so that a later status has a later time."""
    changing = update(campaigns).where(_among(campaigns.c.key, keys)).values(**values)
    return {
        row[0]: row[1] for row in await tx.all(changing.returning(campaigns.c.key, func.clock_timestamp()))
    }


def _among(column: Column[str], keys: Collection[str]) -> ColumnElement[bool]:
    return column == bindparam("keys", sorted(keys), ARRAY(Text)).any_()


async def read_listeners(tx: Tx, segments: Collection[str]) -> Mapping[str, list[tuple[str, int]]]:
    """The published campaigns (key and version) that each of these segments is a source of."""
    query = (
        select(sources.c.key, sources.c.campaign, campaigns.c.version)
        .join(campaigns, campaigns.c.key == sources.c.campaign)
        .where(
            sources.c.kind == "segment",
            _among(sources.c.key, segments),
        )
        .order_by(sources.c.key, sources.c.campaign)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for segment, campaign, version in await tx.all(query):
        found.setdefault(segment, []).append((campaign, version))
    return found


_known: dict[tuple[str, int], Campaign] = {}


async def read_campaigns(tx: Tx, wanted: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], Campaign]:
    """The campaigns of these keys and versions. A version never changes, so each is read once."""
    wanted = set(wanted)
    if missing := sorted(wanted - _known.keys()):
        asked = rows("asked", {"campaign": Text(), "version": Integer()}, missing)
        query = select(versions).join(
            asked, (versions.c.campaign == asked.c.campaign) & (versions.c.version == asked.c.version)
        )
        read = {(row.campaign, row.version): _campaign(row) for row in await tx.all(query)}
        found = read | {key: _known[key] for key in wanted & _known.keys()}
        _remember(read)
        return found
    return {key: _known[key] for key in wanted}


def forget_campaigns() -> None:
    """For tests, which empty the database."""
    _known.clear()


def _remember(read: Mapping[tuple[str, int], Campaign]) -> None:
    _known.update(read)
    for oldest in list(_known)[: max(0, len(_known) - KEPT_CAMPAIGNS)]:
        del _known[oldest]


def _campaign(row: Row[Any]) -> Campaign:
    return read_blueprint(row.document, key=row.campaign, version=row.version)
