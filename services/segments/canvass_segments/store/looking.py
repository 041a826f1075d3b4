"""What rules that belong to no segment make of contacts, and what they look at."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from canvass_rules import Group, parse
from canvass_runtime.db import Tx
from pydantic_core import from_json, to_json
from sqlalchemy import ARRAY, Uuid, bindparam

from canvass_segments.compile import Looked
from canvass_segments.domain.model import Answer

_IDS = bindparam("ids", type_=ARRAY(Uuid))


@dataclass(frozen=True, slots=True)
class Question:
    """A document of rules, and the rules: to Python itself, those of `x = 1` and `x = true` would be one."""

    document: bytes
    rules: Group = field(compare=False)


def question(document: Mapping[str, Any]) -> Question:
    """What a document asks. Raises Malformed."""
    return _question(to_json(document))


async def look(
    tx: Tx, questions: Sequence[Question], contact_ids: Collection[UUID], now: datetime
) -> dict[tuple[Question, UUID], Answer]:
    """The answer to each question about each contact."""
    looked = _looked(tuple(questions))
    rows = await tx.all(looked.query, {"ids": sorted(contact_ids), "now": now})
    return {
        (one, row.contact_id): Answer(looked.holds(row, place), looked.values(row, place), row.revision)
        for row in rows
        for place, one in enumerate(questions)
    }


@lru_cache(500)
def _question(document: bytes) -> Question:
    return Question(document, parse(from_json(document)))


@lru_cache(100)
def _looked(questions: tuple[Question, ...]) -> Looked:
    return Looked([one.rules for one in questions], lambda id_: id_ == _IDS.any_())
