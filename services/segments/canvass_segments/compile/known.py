"""What is known of a contact or a behaviour, as SQL that can be asked with the operators of rules.

Each kind of value answers with conditions that are true or false, never null.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, assert_never

from canvass_rules import FieldRule, Scalar, Value
from canvass_rules.model import Order, Wording
from canvass_rules.vocabulary import ANY
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Double,
    Integer,
    Numeric,
    Text,
    bindparam,
    case,
    cast,
    false,
    func,
    literal_column,
    not_,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

Condition = ColumnElement[bool]

_NEGATIONS = {"!=", "not_in", "is_not_set"}


class Known(Protocol):
    """A value that rules ask about."""

    def equals(self, asked: Value) -> Condition:
        """`=`, as JSON has it."""
        ...

    def among(self, asked: Sequence[Scalar]) -> Condition:
        """`in`."""
        ...

    def is_set(self) -> Condition:
        """Whether there is one."""
        ...

    def ordered(self, order: Order, asked: Value) -> Condition:
        """Numbers with numbers, texts with texts."""
        ...

    def worded(self, wording: Wording, asked: str) -> Condition:
        """Of texts alone."""
        ...


def asking(rule: FieldRule, known: Known) -> Condition:
    """The condition that a rule makes of what is known."""
    match rule.operator:
        case "=" | "!=":
            holds = known.equals(rule.value)
        case "in" | "not_in":
            holds = known.among(rule.value if isinstance(rule.value, tuple) else ())
        case "is_set" | "is_not_set":
            holds = known.is_set()
        case ">" | ">=" | "<" | "<=":
            holds = known.ordered(rule.operator, rule.value)
        case "contains" | "starts_with" | "ends_with" | "matches":
            holds = known.worded(rule.operator, rule.value) if isinstance(rule.value, str) else false()
        case _:
            assert_never(rule.operator)
    return not_(holds) if rule.operator in _NEGATIONS else holds


@dataclass(frozen=True, slots=True)
class TextValue:
    """A column of texts."""

    column: Column[Any]

    def equals(self, asked: Value) -> Condition:
        return self._sure(self.column == bound(asked, Text())) if isinstance(asked, str) else false()

    def among(self, asked: Sequence[Scalar]) -> Condition:
        texts = [one for one in asked if isinstance(one, str)]
        return self._sure(self.column == bound(texts, ARRAY(Text)).any_()) if texts else false()

    def is_set(self) -> Condition:
        return self.column.is_not(None) if self.column.nullable else true()

    def ordered(self, order: Order, asked: Value) -> Condition:
        if not isinstance(asked, str):
            return false()
        return self._sure(_by_code_points(self.column, order, asked))

    def worded(self, wording: Wording, asked: str) -> Condition:
        return self._sure(_worded(self.column, wording, asked))

    def _sure(self, condition: Condition) -> Condition:
        return func.coalesce(condition, false()) if self.column.nullable else condition


@dataclass(frozen=True, slots=True)
class NumberValue:
    """A column of whole numbers, none of them missing."""

    column: Column[int]

    def equals(self, asked: Value) -> Condition:
        return self.column == _number(asked) if _is_number(asked) else false()

    def among(self, asked: Sequence[Scalar]) -> Condition:
        numbers = [Decimal(repr(one)) for one in asked if _is_number(one)]
        if not numbers:
            return false()
        return cast(self.column, Numeric) == bound(numbers, ARRAY(Numeric)).any_()

    def is_set(self) -> Condition:
        return true()

    def ordered(self, order: Order, asked: Value) -> Condition:
        return self.column.op(order, is_comparison=True)(_number(asked)) if _is_number(asked) else false()

    def worded(self, wording: Wording, asked: str) -> Condition:  # noqa: ARG002
        return false()


class JsonValue:
    """What an object of JSON has under a key."""

    def __init__(self, column: Column[Any], key: str) -> None:
        name = bound(key, Text())  # one parameter, however often it is asked for
        self.value: ColumnElement[Any] = column.op("->", return_type=JSONB())(name)
        self._text: ColumnElement[Any] = case(
            (self._is("string"), column.op("->>", return_type=Text())(name))
        )

    def equals(self, asked: Value) -> Condition:
        return _sure(self.value == bound(asked, JSONB()))

    def among(self, asked: Sequence[Scalar]) -> Condition:
        return _sure(self.value == bound(list(asked), ARRAY(JSONB)).any_())

    def is_set(self) -> Condition:
        return _sure(func.jsonb_typeof(self.value) != literal_column("'null'"))

    def ordered(self, order: Order, asked: Value) -> Condition:
        if isinstance(asked, str):
            return _sure(_by_code_points(self._text, order, asked))
        numbers = self.value.op(order, is_comparison=True)(bound(asked, JSONB()))
        return _sure(case((self._is("number"), numbers)))

    def worded(self, wording: Wording, asked: str) -> Condition:
        return _sure(_worded(self._text, wording, asked))

    def _is(self, kind: str) -> Condition:
        return func.jsonb_typeof(self.value) == literal_column(f"'{kind}'")


def bound(value: object, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """A parameter of its own."""
    return bindparam(None, value, kind, unique=True)


def _sure(condition: ColumnElement[Any]) -> Condition:
    return func.coalesce(condition, false())


def _is_number(asked: Value) -> bool:
    return isinstance(asked, int | float) and not isinstance(asked, bool)


def _number(asked: Value) -> ColumnElement[Any]:
    return bound(asked, BigInteger() if isinstance(asked, int) else Double())


def _by_code_points(text: ColumnElement[Any], order: Order, asked: str) -> Condition:
    return text.collate("C").op(order, is_comparison=True)(bound(asked, Text()))


def _worded(text: ColumnElement[Any], wording: Wording, asked: str) -> Condition:
    match wording:
        case "contains":
            return func.strpos(text, bound(asked, Text())) > literal_column("0")
        case "starts_with":
            return func.starts_with(text, bound(asked, Text()))
        case "ends_with":
            return func.right(text, bound(len(asked), Integer())) == bound(asked, Text())
        case "matches":
            return text.like(bound(_pattern(asked), Text()))
        case _:
            assert_never(wording)


def _pattern(asked: str) -> str:
    """For LIKE, in which a backslash takes the meaning from what follows it."""
    plain = asked.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return plain.replace(ANY, "%")
