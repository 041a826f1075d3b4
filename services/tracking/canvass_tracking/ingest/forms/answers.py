"""What a submission is answered: a browser with a page or a way to go on, a program with JSON."""

from collections.abc import Awaitable, Callable, Mapping

from canvass_runtime import problem
from canvass_runtime.errors import Invalid, Refused
from canvass_runtime.problem import Problem
from fastapi import Request, Response, status
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from canvass_tracking.domain.forms import Form
from canvass_tracking.ingest import limits
from canvass_tracking.ingest.body import Gone
from canvass_tracking.ingest.forms import pages
from canvass_tracking.ingest.forms.submitted import Submitted

ANY_SITE = {"access-control-allow-origin": "*"}
_GONE = "This link can no longer be used. Please fill in the form again."


class SubmissionView(BaseModel):
    """What a program is answered."""

    submission_id: str
    message: str
    redirect_to: str | None
    to_be_confirmed: bool
    """Whether it counts only once the submitter has followed the link in an e-mail."""


async def answered(work: Callable[[], Awaitable[Response]]) -> Response:
    """The answer, which scripts of any site may read, refusals too."""
    try:
        response = await work()
    except Refused as refused:
        response = problem.refused(refused)
    except limits.Refused as refused:
        response = _passed_on(refused)
    except Gone:
        response = Response(status_code=status.HTTP_400_BAD_REQUEST)
    response.headers.update(ANY_SITE)
    return response


def accepted(request: Request, form: Form, submission_id: str) -> Response:
    """It was taken."""
    if not _wants_json(request):
        return thanks(form, pages.HEADERS)
    view = SubmissionView(
        submission_id=submission_id,
        message=form.message,
        redirect_to=form.redirect_to,
        to_be_confirmed=form.confirm is not None,
    )
    return Response(view.model_dump_json(), media_type="application/json")


def thanks(form: Form, headers: Mapping[str, str]) -> Response:
    """Where the form leads: never anywhere that the request has named."""
    if form.redirect_to:
        return RedirectResponse(form.redirect_to, status.HTTP_303_SEE_OTHER)
    return HTMLResponse(pages.message_page(form.name, form.message), headers=dict(headers))


def not_good(
    request: Request, form: Form, submission_id: str, sent: Submitted, problems: Mapping[str, str]
) -> Response:
    """Some answers are not: the form again, with what was filled in. Raises Invalid, for a program."""
    if _wants_json(request):
        raise Invalid("Correct what `fields` names and submit it again.", fields=problems)
    page = pages.form_page(form, submission_id, sent.values, problems)
    return HTMLResponse(page, status.HTTP_422_UNPROCESSABLE_CONTENT, headers=dict(pages.HEADERS))


def gone() -> Response:
    """There is nothing, or no longer anything, to confirm."""
    page = pages.message_page("This link is no longer valid", _GONE)
    return HTMLResponse(page, status.HTTP_404_NOT_FOUND, headers=dict(pages.PRIVATE_HEADERS))


def _wants_json(request: Request) -> bool:
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip().lower()
    return "application/json" in (sent, wanted)


def _passed_on(refused: limits.Refused) -> Response:
    """What the edge refuses, in the form of everybody else's refusals."""
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else {}
    kind = f"/problems/{refused.code.replace('_', '-')}"
    title = "This cannot be taken"
    return problem.answer(
        Problem(type=kind, title=title, status=refused.status, detail=refused.message), headers
    )
