"""A form: what it asks, and what is made of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, NamedTuple, TypeAlias

FieldType: TypeAlias = Literal["email", "text", "phone", "number", "checkbox", "hidden"]
Answer: TypeAlias = str | int | float | bool

OWN_COLUMNS = ("email", "phone", "user_id")
"""What a field may be mapped to beside attributes."""

CONFIRMABLE = timedelta(days=7)
"""How long the link of a confirmation can be used."""

MAX_CONFIRMATIONS = 3
"""So many messages in an hour that ask one contact to confirm one form: anyone can type anyone's address."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `value` is what stands there before anybody answers."""

    name: str
    type: FieldType
    label: str = ""
    required: bool = False
    maps_to: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is defined. With `confirm`, its submitters are sent that template, and count once they
    have followed its link."""

    key: str
    revision: int
    name: str
    fields: tuple[Field, ...]
    message: str
    redirect_to: str | None = None
    confirm: str | None = None
    phone_region: str | None = None

    @classmethod
    def of(cls, key: str, revision: int, document: Mapping[str, Any]) -> Form:
        """From a document that was found good before it was kept."""
        confirm: Mapping[str, str] | None = document.get("confirm")
        return cls(
            key,
            revision,
            document["name"],
            tuple(Field(**field) for field in document["fields"]),
            document["message"],
            document.get("redirect_to"),
            confirm["template"] if confirm else None,
            document.get("phone_region"),
        )


class Filled(NamedTuple):
    """The answers: as they were given, and what they tell of who gave them."""

    answers: dict[str, Answer]
    attributes: dict[str, Answer]
    email: str | None
    phone: str | None
    user_id: str | None


def filled_in(form: Form, answers: Mapping[str, Answer]) -> Filled:
    """Good answers, sorted by what their fields are mapped to."""
    told = {field.maps_to: answers[field.name] for field in form.fields if field.name in answers}
    columns = [_text(told.get(column)) for column in OWN_COLUMNS]
    attributes = {name: value for name, value in told.items() if name and name not in OWN_COLUMNS}
    return Filled(dict(answers), attributes, *columns)


def _text(answer: Answer | None) -> str | None:
    return None if answer is None or answer == "" else str(answer)
