"""Who has come to match a segment, and who has ceased to, by the definitions as they are known."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from canvass_rules import mentions
from canvass_runtime.db import Tx
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array

from canvass_segments.compile import Scope, judging
from canvass_segments.domain.model import Definition, SegmentKey, Verdict
from canvass_segments.store.definitions import Known
from canvass_segments.tables import memberships, reviews

AT_ONCE = 100
"""Segments judged by one statement: a hundred rules each are within the parameters that it may have."""
_COLUMNS = 1_500
"""What one query may compute side by side."""
_STATEMENTS = 500

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_NEVER = literal_column("'infinity'::timestamptz", DateTime(timezone=True))
_KEYS = bindparam("keys", type_=ARRAY(Text))


async def judge(
    tx: Tx, known: Known, contact_ids: Collection[UUID], keys: Sequence[SegmentKey], now: datetime
) -> list[Verdict]:
    """What has changed for these contacts in these segments. Lock the contacts first."""
    found: list[Verdict] = []
    for some in _portions(known, keys):
        given = {"ids": sorted(contact_ids), "keys": list(some), "now": now}
        found += [Verdict(*row) for row in await tx.all(_statement(known, some), given)]
    return found


async def judge_range(
    tx: Tx, definition: Definition, after: UUID, through: UUID, now: datetime
) -> list[UUID]:
    """The contacts of a range for whom something seems to have changed, in order. Nobody is locked."""
    statement = changed([definition], lambda id_: (id_ > after) & (id_ <= through))
    query = statement.order_by(statement.selected_columns[0])
    return await tx.scalars(query, {"keys": [definition.key], "now": now})


def _portions(known: Known, keys: Sequence[SegmentKey]) -> Iterator[tuple[SegmentKey, ...]]:
    """As many as one statement can judge. Most batches concern fewer segments than that."""
    portion: list[SegmentKey] = []
    columns = 0
    for key in keys:
        more = known.definitions[key].columns
        if portion and (len(portion) == AT_ONCE or columns + more > _COLUMNS):
            yield tuple(portion)
            portion, columns = [], 0
        portion.append(key)
        columns += more
    if portion:
        yield tuple(portion)


def _statement(known: Known, keys: tuple[SegmentKey, ...]) -> Select[Any]:
    statement = known.statements.get(keys)
    if statement is None:
        if len(known.statements) >= _STATEMENTS:
            known.statements.clear()
        statement = changed_among([known.definitions[key] for key in keys])
        known.statements[keys] = statement
    return statement


def changed_among(definitions: Sequence[Definition]) -> Select[Any]:
    """`changed` of the contacts in the parameter `ids`."""
    return changed(definitions, lambda id_: id_ == _IDS.any_())


def changed(definitions: Sequence[Definition], scope: Scope) -> Select[Any]:
    """What differs from what is known: rows for a Verdict.

    All segments are judged by one pass, side by side. Takes the parameters `keys`, those of the definitions,
    and `now` if any of them has a window; of the others nothing is asked that time could change.
    """
    windows = any(mentions(definition.rules).time for definition in definitions)
    judged = judging([one.rules for one in definitions], scope, reviews=windows).subquery("judged")
    columns, count = list(judged.c)[1:], len(definitions)
    series: list[ColumnElement[Any]] = [_KEYS, array(columns[:count])]
    if windows:
        series.append(array(columns[count:]))
    each = func.unnest(*series).table_valued("segment", "member", *(["next_at"] if windows else []))
    each = each.render_derived(name="each")
    held = _held(scope)
    was = func.coalesce(each.c.segment == held.c.members.any_(), false())
    fixed = func.coalesce(each.c.segment == held.c.fixed.any_(), false())
    turned = and_(each.c.member != was, ~fixed)
    joined = judged.outerjoin(held, held.c.contact_id == judged.c.contact_id).join(each, true())
    if not windows:
        return _rows(judged, each, true(), null()).select_from(joined).where(turned)
    same = reviews.c.contact_id == judged.c.contact_id, reviews.c.segment == each.c.segment
    sooner = each.c.next_at < func.coalesce(reviews.c.next_at, _NEVER)
    joined = joined.outerjoin(reviews, and_(*same, scope(reviews.c.contact_id)))
    query = _rows(judged, each, turned, case((sooner, each.c.next_at)))
    return query.select_from(joined).where(or_(turned, sooner))


def _rows(judged: Any, each: Any, turned: Any, next_at: Any) -> Any:
    return select(judged.c.contact_id, each.c.segment, each.c.member, turned, next_at)


def _held(scope: Scope) -> Any:
    """What each contact is in, and of what somebody has said by hand whether it is."""
    fixed = memberships.c.fixed_at.is_not(None)
    on_record = memberships.c.member | fixed
    ours = scope(memberships.c.contact_id), memberships.c.segment == _KEYS.any_(), on_record
    segments_of = func.array_agg(memberships.c.segment, type_=ARRAY(Text))
    query = select(
        memberships.c.contact_id,
        segments_of.filter(memberships.c.member).label("members"),
        segments_of.filter(fixed).label("fixed"),
    )
    return query.where(*ours).group_by(memberships.c.contact_id).subquery("held")
