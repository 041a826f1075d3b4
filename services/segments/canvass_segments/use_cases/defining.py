"""People define segments; everybody is judged by what is new."""

import json
from collections.abc import Mapping
from typing import Any

from canvass_messaging.timers import wake
from canvass_rules import Malformed
from canvass_runtime.db import Tx
from canvass_runtime.errors import Conflict, Invalid, NotFound

from canvass_segments.domain.definition import read_definition
from canvass_segments.domain.model import SegmentKey
from canvass_segments.store import builds, definitions
from canvass_segments.store.definitions import Segment
from canvass_segments.use_cases.building import TIMER

Document = Mapping[str, Any]


async def find(tx: Tx, key: SegmentKey) -> Segment | None:
    """The segment, which nobody else changes until the transaction ends; None when there is none."""
    return await definitions.lock(tx, key)


async def read(tx: Tx, key: SegmentKey) -> Segment:
    """Raises NotFound."""
    segment = await definitions.read(tx, key)
    if segment is None:
        raise NotFound(f"There is no segment {key!r}: list them with GET /segments.")
    return segment


async def create(tx: Tx, key: SegmentKey, document: Document) -> Segment:
    """A new segment. Raises Invalid with everything that is wrong in the document, or Conflict."""
    _check(document)
    if not await definitions.create(tx, key, document):
        raise Conflict(f"There is a segment {key!r} already: read it, and send its ETag as If-Match.")
    await _build(tx, key, 1)
    return await read(tx, key)


async def replace(tx: Tx, known: Segment, document: Document) -> Segment:
    """Another definition for a segment that `find` found; the same one changes nothing. Raises Invalid."""
    _check(document)
    if not _same(known.document, document):
        revision = await definitions.replace(tx, known.key, document)
        if not known.built or not _same(known.document["rules"], document["rules"]):
            await _build(tx, known.key, revision)
    return await read(tx, known.key)


def _check(document: Document) -> None:
    try:
        read_definition(document)
    except Malformed as malformed:
        detail = f"The document defines no segment: {malformed}"
        raise Invalid(detail, fields=malformed.fields) from malformed


async def _build(tx: Tx, key: SegmentKey, revision: int) -> None:
    await builds.begin(tx, key, revision)
    wake(tx, TIMER)


def _same(document: Any, other: Any) -> bool:
    """Whether two documents are the same. To Python itself, 1 and true would be."""
    return json.dumps(document, sort_keys=True) == json.dumps(other, sort_keys=True)
