"""Who has come to match a segment, and who has ceased to, by the definitions as they are known."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from canvass_runtime.db import Tx
from sqlalchemy import ARRAY, Select, Text, Uuid, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import array

from canvass_segments.compile import Scope, judging
from canvass_segments.domain.model import Definition, SegmentKey
from canvass_segments.store.definitions import Known
from canvass_segments.tables import memberships

AT_ONCE = 100
"""Segments judged by one statement: a hundred rules each are within the parameters that it may have."""
_STATEMENTS = 500

_IDS = bindparam("ids", type_=ARRAY(Uuid))
_KEYS = bindparam("keys", type_=ARRAY(Text))

Verdict = tuple[UUID, SegmentKey, bool]
"""A contact, a segment, and whether the contact matches it, which until now it did not, or did."""


async def judge(
    tx: Tx, known: Known, contact_ids: Collection[UUID], keys: Sequence[SegmentKey]
) -> list[Verdict]:
    """What has changed for these contacts in these segments. Lock the contacts first."""
    found: list[Verdict] = []
    for start in range(0, len(keys), AT_ONCE):
        some = tuple(keys[start : start + AT_ONCE])
        given = {"ids": sorted(contact_ids), "keys": list(some)}
        found += [(row[0], row[1], row[2]) for row in await tx.all(_statement(known, some), given)]
    return found


async def judge_range(tx: Tx, definition: Definition, after: UUID, through: UUID) -> list[UUID]:
    """The contacts of a range for whom the segment seems to have changed, in order. Nobody is locked."""
    statement = changed([definition], lambda id_: (id_ > after) & (id_ <= through))
    query = statement.order_by(statement.selected_columns[0])
    return await tx.scalars(query, {"keys": [definition.key]})


def _statement(known: Known, keys: tuple[SegmentKey, ...]) -> Select[Any, Any, Any]:
    statement = known.statements.get(keys)
    if statement is None:
        if len(known.statements) >= _STATEMENTS:
            known.statements.clear()
        statement = changed_among([known.definitions[key] for key in keys])
        known.statements[keys] = statement
    return statement


def changed_among(definitions: Sequence[Definition]) -> Select[Any, Any, Any]:
    """`changed` of the contacts in the parameter `ids`."""
    return changed(definitions, lambda id_: id_ == _IDS.any_())


def changed(definitions: Sequence[Definition], scope: Scope) -> Select[Any, Any, Any]:
    """The verdicts that differ from the memberships: contact, segment, whether it matches.

    All segments are judged by one pass, side by side. Takes the parameter `keys`, those of the definitions.
    """
    judged = judging([definition.rules for definition in definitions], scope).subquery("judged")
    held = _held(scope)
    verdicts = array(list(judged.c)[1:])
    each = func.unnest(_KEYS, verdicts).table_valued("segment", "member").render_derived(name="each")
    was_member = func.coalesce(each.c.segment == held.c.segments.any_(), False)
    return (
        select(judged.c.contact_id, each.c.segment, each.c.member)
        .select_from(judged.outerjoin(held, held.c.contact_id == judged.c.contact_id).join(each, true()))
        .where(each.c.member != was_member)
    )


def _held(scope: Scope) -> Any:
    ours = scope(memberships.c.contact_id), memberships.c.segment == _KEYS.any_(), memberships.c.member
    segments_of = func.array_agg(memberships.c.segment, type_=ARRAY(Text)).label("segments")
    query = select(memberships.c.contact_id, segments_of).where(*ours)
    return query.group_by(memberships.c.contact_id).subquery("held")
