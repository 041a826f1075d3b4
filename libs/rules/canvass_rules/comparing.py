"""How one known value compares with what a rule asks. Pure; see `predicate` for what it means."""

from __future__ import annotations

from typing import TypeVar, assert_never

from canvass_rules.model import FieldRule, Order, Scalar, Value, Wording
from canvass_rules.vocabulary import ANY

Comparable = TypeVar("Comparable", str, float)


def compares(rule: FieldRule, known: object) -> bool:
    """Whether the rule holds for the value of its field; None is a missing one."""
    match rule.operator:
        case "=" | "!=":
            return _equal(known, rule.value) is (rule.operator == "=")
        case "in" | "not_in":
            return _among(known, rule.value) is (rule.operator == "in")
        case "is_set" | "is_not_set":
            return (known is not None) is (rule.operator == "is_set")
        case ">" | ">=" | "<" | "<=":
            return _ordered(known, rule.operator, rule.value)
        case "contains" | "starts_with" | "ends_with" | "matches":
            return _worded(known, rule.operator, rule.value)
        case _:
            assert_never(rule.operator)


def _equal(known: object, asked: Value) -> bool:
    if known is None or isinstance(known, bool) or isinstance(asked, bool):  # to Python, True == 1
        return known is not None and known is asked
    return known == asked


def _among(known: object, asked: Value) -> bool:
    choices: tuple[Scalar, ...] = asked if isinstance(asked, tuple) else ()
    return any(_equal(known, choice) for choice in choices)


def _ordered(known: object, order: Order, asked: Value) -> bool:
    """Numbers with numbers, texts with texts by code points, as ISO dates need; nothing else has an order."""
    if isinstance(known, bool) or isinstance(asked, bool):
        return False
    if isinstance(known, int | float) and isinstance(asked, int | float):
        return _in_order(known, order, asked)
    if isinstance(known, str) and isinstance(asked, str):
        return _in_order(known, order, asked)
    return False


def _in_order(known: Comparable, order: Order, asked: Comparable) -> bool:
    match order:
        case ">":
            return known > asked
        case ">=":
            return known >= asked
        case "<":
            return known < asked
        case "<=":
            return known <= asked
        case _:
            assert_never(order)


def _worded(known: object, wording: Wording, asked: Value) -> bool:
    if not isinstance(known, str) or not isinstance(asked, str):
        return False
    match wording:
        case "contains":
            return asked in known
        case "starts_with":
            return known.startswith(asked)
        case "ends_with":
            return known.endswith(asked)
        case "matches":
            return _matches(known, asked)
        case _:
            assert_never(wording)


def _matches(known: str, pattern: str) -> bool:
    """Whether the whole text is as the pattern says; each piece is looked for once, so that none is slow."""
    first, *rest = pattern.split(ANY)
    if not rest:
        return known == pattern
    *middle, last = rest
    if not known.startswith(first) or not known.endswith(last) or len(known) < len(first) + len(last):
        return False
    place, end = len(first), len(known) - len(last)
    for piece in middle:
        found = known.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True
