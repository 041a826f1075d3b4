"""What a caller is told when something is refused or fails: `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json
from starlette.exceptions import HTTPException

from canvass_runtime.db import is_transient
from canvass_runtime.errors import Invalid, Refused

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2

log = structlog.get_logger()


class Problem(BaseModel):
    """Every answer that is no success."""

    type: str
    """`/problems/<slug>`; programs may rely on it."""
    title: str
    status: int
    detail: str | None = None
    """What is wrong with this request, and what to do."""
    fields: dict[str, str] | None = None
    """What is wrong where: `rules.0.operator` in the body, or `query.limit`, `path.key`."""
    instance: str | None = None
    """Only of our own failures: what to quote when reporting it."""


def install(app: FastAPI) -> None:
    """Answer what is refused or not understood; failures are for `door`."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _not_valid)


def answer(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """The response that carries a problem."""
    content = to_json(problem, exclude_none=True)
    return Response(content, problem.status, dict(headers or {}), media_type=MEDIA_TYPE)


def of_failure(error: Exception) -> Response:
    """What is said of an error that nobody foresaw: that the caller may try again, or an id to quote."""
    if _unstorable(error):
        return refused(Invalid("NUL, lone surrogates and NaN cannot be kept. Leave them out."))
    if is_transient(error):
        log.warning("unavailable", exc_info=error)
        return unavailable("The database cannot be reached just now. Try again in a moment.")
    instance = f"urn:uuid:{uuid4()}"
    log.error("request_failed", instance=instance, exc_info=error)
    detail = "This is our fault and is logged. Quote the instance when you report it."
    return answer(_standard(HTTPStatus.INTERNAL_SERVER_ERROR, detail, instance))


def unavailable(detail: str) -> Response:
    """503, with when to try again."""
    return answer(_standard(HTTPStatus.SERVICE_UNAVAILABLE, detail), {"Retry-After": str(RETRY_SECONDS)})


def refused(error: Refused) -> Response:
    """What the refusal itself says."""
    return answer(_problem(error), error.headers)


async def _refused(_: Request, error: Exception) -> Response:
    return refused(cast("Refused", error))


async def _http(_: Request, error: Exception) -> Response:
    raised = cast("HTTPException", error)
    status = HTTPStatus(raised.status_code)
    detail = raised.detail if raised.detail != status.phrase else None
    return answer(_standard(status, detail), raised.headers)


async def _not_valid(_: Request, error: Exception) -> Response:
    problems = cast("list[dict[str, Any]]", cast("RequestValidationError", error).errors())
    fields = dict(_said(problem) for problem in problems)
    return refused(Invalid("Correct what `fields` names and send it again.", fields=fields))


def _problem(error: Refused) -> Problem:
    return Problem(
        type=f"/problems/{error.type}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        fields=dict(error.fields) or None,
    )


_OURS = {kind.status: kind for kind in (*Refused.__subclasses__(), Refused)}


def _standard(status: HTTPStatus, detail: str | None = None, instance: str | None = None) -> Problem:
    """A problem that is no more than its status; Python's phrases for some have changed, ours do not."""
    kind = _OURS.get(status)
    slug = kind.type if kind else status.phrase.lower().replace(" ", "-")
    title = kind.title if kind else status.phrase
    return Problem(type=f"/problems/{slug}", title=title, status=status, detail=detail, instance=instance)


def _said(problem: dict[str, Any]) -> tuple[str, str]:
    """`rules.0.operator` for the body (whose places need no prefix), `query.limit` for the rest; and why."""
    location: tuple[str | int, ...] = problem["loc"]
    if problem["type"] == "json_invalid":
        return "body", f"not JSON at character {location[-1]}: {problem['ctx']['error']}"
    inside = location[1:] if location[0] == "body" and len(location) > 1 else location
    return ".".join(str(part) for part in inside), str(problem["msg"])


_NO_TEXT = {"22021", "22P05"}  # not representable; \u0000 in jsonb


def _unstorable(error: BaseException | None) -> bool:
    """Whether a character (or NaN) that JSON carried in was refused on its way into PostgreSQL."""
    while error is not None:
        state = getattr(error, "sqlstate", None)
        if state in _NO_TEXT or isinstance(error, UnicodeEncodeError):
            return True
        if isinstance(error, PydanticSerializationError) and "surrogates" in str(error):
            return True
        if state == "22P02" and "type json" in str(error):
            return True
        error = error.__cause__
    return False
