"""Whether two JSON Schemas of one fact can live side by side: hearers and speakers are deployed apart."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

_WORDS_FOR_PEOPLE = {"$schema", "$id", "$defs", "$ref", "title", "description", "examples", "deprecated"}
_WALKED = {"properties", "required", "items", "additionalProperties", "anyOf"}


def incompatibilities(old: Schema, new: Schema) -> list[str]:
    """Why `new` may not take the place of `old`, one line each; empty when it may.

    All that may happen to a type is that optional fields are added. Removed, newly required and narrowed
    fields break today's hearer of yesterday's facts, which the journal keeps for a week; fields that are no
    longer required or are widened break yesterday's hearer of today's. Either is a new type, `.v<N+1>`.
    """
    return list(_Comparison(old.get("$defs", {}), new.get("$defs", {})).differences("", old, new))


class _Comparison:
    def __init__(self, old_definitions: Schema, new_definitions: Schema) -> None:
        self._old_definitions = old_definitions
        self._new_definitions = new_definitions
        self._entered: set[tuple[str, str]] = set()

    def differences(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        names = (old.get("$ref", ""), new.get("$ref", ""))
        if all(names):
            if names in self._entered:  # a definition within itself, or met before
                return
            self._entered.add(names)
        old = _resolved(old, self._old_definitions)
        new = _resolved(new, self._new_definitions)
        for word in sorted((old.keys() | new.keys()) - _WORDS_FOR_PEOPLE - _WALKED):
            if _value(old, word) != _value(new, word):
                yield f"{place or 'fact'}: {word} was {_said(old, word)}, is {_said(new, word)}"
        yield from self._fields(place, old, new)
        for word in ("items", "additionalProperties"):
            yield from self._within(f"{place}[{word}]", old.get(word, True), new.get(word, True))
        yield from self._choices(place, old.get("anyOf", []), new.get("anyOf", []))

    def _fields(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed_before, needed_after = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(before.keys() | needed_before | needed_after):
            path = f"{place}.{name}".lstrip(".")
            if name in before and name not in after:
                yield f"{path}: was removed"
            elif name in needed_after - needed_before:
                yield f"{path}: is now required"
            elif name in needed_before - needed_after:
                yield f"{path}: is no longer required"
            if name in before and name in after:
                yield from self.differences(path, before[name], after[name])

    def _within(self, place: str, old: Schema | bool, new: Schema | bool) -> Iterator[str]:
        # `true` and `{}` both let anything pass.
        if isinstance(old, bool) and isinstance(new, bool):
            if old != new:
                yield f"{place}: was {old}, is {new}"
        elif old is False or new is False:
            yield f"{place}: was {old}, is {new}"
        else:
            yield from self.differences(place, {} if old is True else old, {} if new is True else new)

    def _choices(self, place: str, old: list[Schema], new: list[Schema]) -> Iterator[str]:
        if len(old) != len(new):
            yield f"{place or 'fact'}: had {len(old)} alternatives, has {len(new)}"
        else:
            for number, (before, after) in enumerate(zip(old, new, strict=True), 1):
                yield from self.differences(f"{place}[{number}]", before, after)


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    while reference := schema.get("$ref"):
        beside = {word: value for word, value in schema.items() if word != "$ref"}
        schema = {**definitions[reference.removeprefix("#/$defs/")], **beside}
    return schema


def _value(schema: Schema, word: str) -> Any:
    # `null` written as a default is not the same as no default, and the order of an `enum` says nothing.
    value = schema.get(word, ...)
    return sorted(value, key=repr) if word == "enum" and isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _said(schema: Schema, word: str) -> str:
    return repr(schema[word]) if word in schema else "not said"
