"""Memory of definitions, and each process's reading of them, which every batch makes sure is today's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from canvass_rules import parse
from canvass_runtime.db import Tx
from sqlalchemy import BigInteger, ScalarSelect, Select, func, select
from sqlalchemy.dialects.postgresql import insert

from canvass_segments.domain.listening import Listening
from canvass_segments.domain.model import Definition, SegmentKey
from canvass_segments.tables import builds, segments, tallies


@dataclass(frozen=True, slots=True)
class Known:
    """All definitions as of a generation, read and ready to judge by."""

    generation: int
    definitions: Mapping[SegmentKey, Definition]
    listening: Listening
    statements: dict[tuple[SegmentKey, ...], Select[Any]] = field(default_factory=dict)
    """What has been compiled of them: see `judging`."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A definition as it is shown."""

    key: SegmentKey
    document: Mapping[str, Any]
    revision: int
    updated_at: datetime
    built: bool
    """Whether everybody has been judged by this revision."""
    members: int
    """Contacts in it."""


def generation() -> ScalarSelect[int]:
    """A number that is another one after each change of definitions. Ask for it once contacts are locked."""
    total = func.coalesce(func.sum(segments.c.revision), 0).cast(BigInteger)
    return select(total).scalar_subquery()


class Definitions:
    """One process's reading of the definitions."""

    def __init__(self) -> None:
        self._known = Known(0, {}, Listening(()))

    async def as_of(self, tx: Tx, generation: int) -> Known:
        """The definitions of a generation, or of a later one; read only when they have changed."""
        if generation != self._known.generation:
            self._known = await self._read(tx)
        return self._known

    async def today(self, tx: Tx) -> Known:
        """The definitions as they are."""
        return await self.as_of(tx, await tx.scalar(select(generation())))

    def forget(self) -> None:
        """Read them again when they are next asked for: this is another database."""
        self._known = Known(0, {}, Listening(()))

    async def _read(self, tx: Tx) -> Known:
        query = select(segments.c.key, segments.c.revision, segments.c.document).order_by(segments.c.key)
        read = [self._understood(*row) for row in await tx.all(query)]
        by_key = {definition.key: definition for definition in read}
        return Known(sum(one.revision for one in read), by_key, Listening(read))

    def _understood(self, key: SegmentKey, revision: int, document: Mapping[str, Any]) -> Definition:
        known = self._known.definitions.get(key)
        if known and known.revision == revision:
            return known
        return Definition(key, revision, parse(document["rules"]))


definitions = Definitions()
"""This process's own."""

_TALLIED = (
    select(tallies.c.segment, func.sum(tallies.c.members).cast(BigInteger).label("members"))
    .group_by(tallies.c.segment)
    .subquery("tallied")
)
_SHOWN = select(
    segments.c.key,
    segments.c.document,
    segments.c.revision,
    segments.c.updated_at,
    ~select(builds).where(builds.c.segment == segments.c.key).exists(),
    func.coalesce(_TALLIED.c.members, 0),
).outerjoin_from(segments, _TALLIED, _TALLIED.c.segment == segments.c.key)


async def read(tx: Tx, key: SegmentKey) -> Segment | None:
    """One segment."""
    found = (await tx.execute(_SHOWN.where(segments.c.key == key))).one_or_none()
    return Segment(*found) if found else None


async def read_page(tx: Tx, after: SegmentKey | None, limit: int) -> list[Segment]:
    """Segments in the order of their keys."""
    query = _SHOWN.where(segments.c.key > after) if after is not None else _SHOWN
    return [Segment(*row) for row in await tx.all(query.order_by(segments.c.key).limit(limit))]


async def lock(tx: Tx, key: SegmentKey) -> Segment | None:
    """One segment, kept from changing until the transaction ends."""
    await tx.execute(select(segments.c.key).where(segments.c.key == key).with_for_update())
    return await read(tx, key)


async def create(tx: Tx, key: SegmentKey, document: Mapping[str, Any]) -> bool:
    """Remember a new segment; False if there is one of that key."""
    row = {"key": key, "document": document, "revision": 1}
    inserting = insert(segments).values(row).on_conflict_do_nothing().returning(segments.c.key)
    return await tx.scalar(inserting) is not None


async def replace(tx: Tx, key: SegmentKey, document: Mapping[str, Any]) -> int:
    """Remember another definition of a segment; returns its revision."""
    values = {"document": document, "revision": segments.c.revision + 1, "updated_at": func.now()}
    changing = segments.update().where(segments.c.key == key).values(**values)
    return await tx.scalar(changing.returning(segments.c.revision))
