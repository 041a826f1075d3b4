"""Where forms are handed in: read, judged, kept, answered."""

from datetime import datetime
from secrets import token_urlsafe
from uuid import uuid4

from canvass_runtime.clock import Clock
from canvass_runtime.db import Database
from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from canvass_tracking.domain.arrivals import Arrival
from canvass_tracking.domain.forms import Answer, Form, filled_in
from canvass_tracking.ingest import metrics
from canvass_tracking.ingest.body import read_body
from canvass_tracking.ingest.caller import caller_of
from canvass_tracking.ingest.context import kept
from canvass_tracking.ingest.forms import answers, arriving, cookie, pages
from canvass_tracking.ingest.forms.answering import answered
from canvass_tracking.ingest.forms.arriving import Submitting
from canvass_tracking.ingest.forms.crowd import Crowd
from canvass_tracking.ingest.forms.submitted import MAX_BYTES, MAX_SUBMISSION_ID, read_submitted
from canvass_tracking.ingest.group_commit import GroupCommit
from canvass_tracking.store.confirmations import Waiting
from canvass_tracking.use_cases import forms as use_cases

MOST_A_MINUTE = 120
"""Forms from one address: whole offices and schools have one."""


class Desk:
    """`group` commits what is handed in; `public_url` is where the world reaches us."""

    def __init__(self, database: Database, clock: Clock, group: GroupCommit, public_url: str) -> None:
        self.public_url = public_url
        self._database = database
        self._clock = clock
        self._group = group
        self._crowd = Crowd(MOST_A_MINUTE)

    async def form(self, key: str) -> Form:
        """Raises NotFound."""
        async with self._database.transaction() as tx:
            stored = await use_cases.read(tx, key)
        return Form.of(stored.key, stored.revision, stored.document)

    async def take(self, key: str, request: Request) -> Response:
        """Take a submission, or say what is wrong with it. Raises what `answers.answered` knows."""
        self._crowd.let_in(request.client.host if request.client else "")
        form = await self.form(key)
        body = await read_body(request.receive, MAX_BYTES)
        sent = await read_submitted(body, request.headers)
        submission_id = sent.submission_id or _idempotency_key(request) or str(uuid4())
        good, problems = answered(form, sent.values)
        if problems:
            return answers.not_good(request, form, submission_id, sent, problems)
        anonymous_id = sent.anonymous_id or cookie.read(request) or str(uuid4())
        if sent.trapped:
            metrics.trapped.inc()
        else:
            caller = caller_of(request.scope, dict(request.scope["headers"]), is_browser=True)
            submitting = Submitting(submission_id, anonymous_id, self._clock.now(), kept({}, caller))
            await self._group.keep([self._arrival(form, good, submitting)], len(body), caller.traceparent)
        response = answers.accepted(request, form, submission_id)
        cookie.write(response, anonymous_id, secure=self.public_url.startswith("https:"))
        return response

    def _arrival(self, form: Form, good: dict[str, Answer], submitting: Submitting) -> Arrival:
        filled = filled_in(form, good)
        if form.confirm is None:
            return arriving.submission(form, filled, submitting)
        link = f"{self.public_url}/forms/confirm/{token_urlsafe(24)}"
        return arriving.unconfirmed(form, filled, submitting, link)

    async def ask(self, token: str) -> Response:
        """The page that asks whether it was them."""
        waiting = await self._waiting(token, self._clock.now())
        if waiting is None:
            return answers.gone()
        form = await self.form(waiting.form)
        return HTMLResponse(pages.confirm_page(form.name), headers=dict(pages.PRIVATE_HEADERS))

    async def confirm(self, token: str) -> Response:
        """It was: now it counts."""
        now = self._clock.now()
        waiting = await self._waiting(token, now)
        if waiting is None:
            return answers.gone()
        form = await self.form(waiting.form)
        await self._group.keep(arriving.confirmed(waiting, now), 0)
        return answers.thanks(form, pages.PRIVATE_HEADERS)

    async def _waiting(self, token: str, now: datetime) -> Waiting | None:
        async with self._database.transaction() as tx:
            return await use_cases.waiting(tx, arriving.mark_of_link(token), now)


def _idempotency_key(request: Request) -> str | None:
    return request.headers.get("idempotency-key", "")[:MAX_SUBMISSION_ID] or None
