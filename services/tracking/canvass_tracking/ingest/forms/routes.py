"""The routes of forms that anybody may call: see a form, submit it, confirm that it was oneself."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Request, Response, status
from fastapi.responses import HTMLResponse

from canvass_tracking.ingest.forms import pages
from canvass_tracking.ingest.forms.answers import ANY_SITE, SubmissionView, answered
from canvass_tracking.ingest.forms.desk import Desk

Key = Annotated[str, Path(max_length=63)]
Token = Annotated[str, Path(max_length=100)]

_KINDS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
_ANYTHING = {"schema": {"type": "object", "additionalProperties": True}}
_BODY = {"requestBody": {"required": True, "content": dict.fromkeys(_KINDS, _ANYTHING)}}
_GOES_ON: dict[int | str, dict[str, Any]] = {303: {"description": "A browser goes on."}}
_PREFLIGHT = {
    **ANY_SITE,
    "access-control-allow-methods": "POST, OPTIONS",
    "access-control-allow-headers": "content-type, idempotency-key",
    "access-control-max-age": "86400",
}


def form_routes(desk: Desk) -> APIRouter:
    """Routes that lead to this desk."""
    router = APIRouter(tags=["forms"])

    @router.get("/forms/confirm/{token}", response_class=HTMLResponse)
    async def ask_to_confirm(token: Token) -> Response:
        """A page with a button. Programs that follow every link of an e-mail confirm nothing."""
        return await desk.ask(token)

    @router.post("/forms/confirm/{token}", response_class=HTMLResponse)
    async def confirm_submission(token: Token) -> Response:
        """The submission counts: what was filled in replaces what was known of the contact."""
        return await answered(lambda: desk.confirm(token))

    @router.get("/forms/{key}/page", response_class=HTMLResponse)
    async def show_form(key: Key) -> Response:
        """The form as a page of its own, which needs no scripts."""
        page = pages.form_page(await desk.form(key), str(uuid4()))
        return HTMLResponse(page, headers=dict(pages.HEADERS))

    @router.get("/forms/{key}/embed.html", response_class=HTMLResponse)
    async def embed_form(key: Key) -> Response:
        """The form alone, to be pasted into any page."""
        action = f"{desk.public_url}/forms/{key}/submit"
        html = pages.form_html(await desk.form(key), action, None, {}, {})
        return HTMLResponse(html, headers={**pages.HEADERS, **ANY_SITE})

    @router.options("/forms/{key}/submit", include_in_schema=False)
    async def allow_submitting() -> Response:
        return Response(status_code=status.HTTP_204_NO_CONTENT, headers=_PREFLIGHT)

    @router.post(
        "/forms/{key}/submit", response_model=SubmissionView, openapi_extra=_BODY, responses=_GOES_ON
    )
    async def submit_form(key: Key, request: Request) -> Response:
        """Take a submission: once for each `_submission_id` (or Idempotency-Key).

        A browser is answered with a page or sent on, a program (by its JSON, or `Accept`) with JSON.
        """
        return await answered(lambda: desk.take(key, request))

    return router
