"""The anonymous id of whoever fills in a form, in a cookie of ours."""

from starlette.requests import Request
from starlette.responses import Response

NAME = "canvass_id"
YEAR_SECONDS = 365 * 24 * 3600
MAX_ID = 255


def read(request: Request) -> str | None:
    """The anonymous id that the browser brings."""
    value = request.cookies.get(NAME)
    return value if value and len(value) <= MAX_ID and value.isprintable() else None


def write(response: Response, anonymous_id: str, *, secure: bool) -> None:
    """Have the browser bring it from now on: to us alone, and to no script."""
    response.set_cookie(
        NAME, anonymous_id, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure
    )
