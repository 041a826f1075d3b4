"""What was filled in, judged field by field."""

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from canvass_tracking.addresses import email_of, phone_of
from canvass_tracking.domain.forms import Answer, Field, FieldType, Form

MAX_TEXT = 2000
MAX_USER_ID = 255
_LARGEST = 2**53
_YES = {"on", "true", "1", "yes"}
_NO = {"off", "false", "0", "no"}


class Answered(NamedTuple):
    """The good answers, and what is wrong with the others, by the fields' names."""

    answers: dict[str, Answer]
    problems: dict[str, str]


def answered(form: Form, values: Mapping[str, Any]) -> Answered:
    """What a form's fields were answered with. What it does not ask is passed over."""
    answers: dict[str, Answer] = {}
    problems: dict[str, str] = {}
    for field in form.fields:
        try:
            answer = _answer(field, values.get(field.name), form.phone_region)
        except ValueError as problem:
            problems[field.name] = str(problem)
        else:
            if answer is not None:
                answers[field.name] = answer
    return Answered(answers, problems)


def _answer(field: Field, value: Any, region: str | None) -> Answer | None:
    """The answer to a field; None if there is none. Raises ValueError, saying what to do."""
    if field.type == "checkbox":
        return _checked(field, value)
    if isinstance(value, str):
        value = value.strip()
    if value is None or value == "":
        if field.required:
            raise ValueError("Please fill this in.")
        return None
    if field.type == "phone":
        return _phone(value, region)
    longest = MAX_USER_ID if field.maps_to == "user_id" else MAX_TEXT
    return _READ[field.type](value, longest)


def _checked(field: Field, value: Any) -> bool:
    said = str(value).lower() if isinstance(value, (str, bool, int)) else ""
    if value is not None and said not in _YES | _NO | {""}:
        raise ValueError("Please answer with true or false.")
    if field.required and said not in _YES:
        raise ValueError("Please tick this box.")
    return said in _YES


def _phone(value: Any, region: str | None) -> str:
    number = phone_of(value, region)
    if number is None:
        raise ValueError("Please enter a phone number with its country code, such as +1 416 555 0123.")
    return number


def _email(value: Any, _: int) -> str:
    email = email_of(value)
    if email is None:
        raise ValueError("Please enter an e-mail address, such as ann@example.com.")
    return email


def _number(value: Any, _: int) -> int | float:
    try:
        number = float(value) if isinstance(value, (str, int, float)) and len(str(value)) <= 40 else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or isinstance(value, bool):
        raise ValueError("Please enter a number.")
    return int(number) if number.is_integer() and abs(number) <= _LARGEST else number


def _text(value: Any, longest: int) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("Please enter text.")
    if len(value) > longest:
        raise ValueError(f"Please keep to {longest} characters.")
    return value


_READ: Mapping[FieldType, Callable[[Any, int], Answer]] = {
    "email": _email,
    "number": _number,
    "text": _text,
    "hidden": _text,
}
