"""Many rows in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, TableValuedAlias, bindparam, column, func
from sqlalchemy.types import TypeEngine


def rows(
    name: str, columns: Mapping[str, TypeEngine[Any]], values: Sequence[Sequence[Any] | Mapping[str, Any]]
) -> TableValuedAlias:
    """Values as a table to select from or join: one array a column, so the statement's text never varies.

    `insert(t).from_select([...], select(rows("new", {"id": Uuid(), "data": JSONB()}, values)))` is
    prepared once.
    A row is a sequence in the order of `columns` or a mapping by name. A column cannot itself be an array
    (`unnest` would flatten it): send such a one as JSONB.
    """
    if any(isinstance(kind, ARRAY) for kind in columns.values()):
        raise TypeError(f"rows({name!r}): a column of arrays would be flattened; use JSONB")
    series = _by_column(columns, values)
    arrays = [
        bindparam(None, values_of, ARRAY(kind, dimensions=1), unique=True)
        for values_of, kind in zip(series, columns.values(), strict=True)
    ]
    table = func.unnest(*arrays).table_valued(*(column(key, kind) for key, kind in columns.items()))
    return table.render_derived(name=name)


def _by_column(
    columns: Mapping[str, Any], values: Sequence[Sequence[Any] | Mapping[str, Any]]
) -> list[list[Any]]:
    if not values:
        return [[] for _ in columns]
    if isinstance(values[0], Mapping):
        return [[row[key] for row in values] for key in columns]  # type: ignore[call-overload]
    return [list(series) for series in zip(*values, strict=True)]
