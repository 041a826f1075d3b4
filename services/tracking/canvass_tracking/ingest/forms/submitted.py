"""A submitted form: bytes to answers by their fields' names, whether a browser or a program has sent them."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from canvass_runtime.errors import Invalid, Refused
from pydantic_core import from_json
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser

MAX_BYTES = 64 * 1024
MAX_FIELDS = 100
MAX_ID = 255
MAX_SUBMISSION_ID = 99

SUBMISSION_ID, ANONYMOUS_ID, TRAP = "_submission_id", "_anonymous_id", "_website"
"""Fields of our own. People do not see the last; who fills it in is no human."""


class NotUnderstood(Refused):
    """The body is of no kind that forms are sent as."""

    status = 415
    title = "The body is of another kind"
    type = "unsupported-media-type"


class Submitted(NamedTuple):
    """What was sent, not judged yet."""

    values: Mapping[str, Any]
    submission_id: str | None
    anonymous_id: str | None
    trapped: bool


async def read_submitted(body: bytes, headers: Headers) -> Submitted:
    """The values of a body. Raises Invalid, or NotUnderstood."""
    values = await _values(body, headers)
    return Submitted(
        values,
        _id(values, SUBMISSION_ID, MAX_SUBMISSION_ID),
        _id(values, ANONYMOUS_ID, MAX_ID),
        bool(values.get(TRAP)),
    )


async def _values(body: bytes, headers: Headers) -> Mapping[str, Any]:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _of_json(body)
    if kind == "application/x-www-form-urlencoded":
        return _of_query(body)
    if kind == "multipart/form-data":
        return await _of_parts(body, headers)
    raise NotUnderstood("Send application/x-www-form-urlencoded, multipart/form-data or application/json.")


def _of_json(body: bytes) -> Mapping[str, Any]:
    try:
        values = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise Invalid("The body is not JSON.", fields={"body": str(error)}) from None
    if not isinstance(values, dict) or len(values) > MAX_FIELDS:
        raise Invalid(f"The body must be an object of at most {MAX_FIELDS} fields.")
    return values


def _of_query(body: bytes) -> Mapping[str, Any]:
    try:
        text = body.decode("utf-8", "replace")
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise Invalid(f"A form has at most {MAX_FIELDS} fields.") from None
    return dict(pairs)


async def _of_parts(body: bytes, headers: Headers) -> Mapping[str, Any]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(headers, stream(), max_files=0, max_fields=MAX_FIELDS, max_part_size=MAX_BYTES)
    try:
        parts = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        raise Invalid(f"The parts cannot be read. Send at most {MAX_FIELDS} fields, and no files.") from None
    return dict(parts)


def _id(values: Mapping[str, Any], name: str, longest: int) -> str | None:
    value = values.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise Invalid(
            "Correct what `fields` names.", fields={name: f"at most {longest} printable characters"}
        )
    return value
