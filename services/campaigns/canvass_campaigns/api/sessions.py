"""People come in with a password or a link, stay, and leave.

A browser holds a short token in memory and, out of reach of its scripts, a cookie that gets it the next one.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, cast

from canvass_runtime import problem
from canvass_runtime.app import Transaction
from canvass_runtime.auth import issue
from canvass_runtime.errors import Forbidden, Unauthorized
from canvass_runtime.scopes import scopes_of
from fastapi import APIRouter, Cookie, Depends, Header, Request, Response, Security, status
from pydantic import BaseModel, ConfigDict, Field

from canvass_campaigns.domain.people import (
    PASSWORD_LEAST,
    PASSWORD_MOST,
    SESSION_LASTS,
    TOKEN_LASTS,
    Person,
)
from canvass_campaigns.use_cases import people
from canvass_campaigns.use_cases.people import Entry

from .people import Email, Name, PersonView
from .real_time import RealNow

COOKIE = "canvass_session"
NewPassword = Annotated[str, Field(min_length=PASSWORD_LEAST, max_length=PASSWORD_MOST)]


class Credentials(BaseModel):
    """Who comes in."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: str = Field(max_length=PASSWORD_MOST)


class LinkToken(BaseModel):
    """What stands in a one-time link."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(min_length=1, max_length=200)


class Acceptance(LinkToken):
    """Who accepts an invitation."""

    name: Name
    password: NewPassword


class Password(BaseModel):
    """A new one."""

    model_config = ConfigDict(extra="forbid")

    password: NewPassword


class SessionView(BaseModel):
    """Who is in, and the token that says so to every service."""

    person: PersonView
    scopes: list[str]
    token: str
    expires_at: datetime


class Door:
    """What coming in takes beside the database: the key that signs tokens, and how the cookie is set."""

    def __init__(self, signing_key: Path | None, console_url: str) -> None:
        self._signing_key = signing_key
        self._secure = console_url.startswith("https:")

    def session(self, person: Person, now: datetime) -> SessionView:
        """A token for the next quarter of an hour. Raises Forbidden where nothing can sign one."""
        if self._signing_key is None:
            raise Forbidden("People cannot come in: set CAMPAIGNS_SIGNING_KEY to a <kid>.private.pem.")
        scopes = scopes_of(person.role)
        token = issue(self._signing_key, scopes, TOKEN_LASTS, person.email, now=now)
        until = now + TOKEN_LASTS
        return SessionView(person=PersonView.of(person), scopes=sorted(scopes), token=token, expires_at=until)

    def set_cookie(self, response: Response, refresh: str) -> None:
        """What keeps the browser in."""
        seconds = int(SESSION_LASTS.total_seconds())
        response.set_cookie(
            COOKIE, refresh, max_age=seconds, httponly=True, secure=self._secure, samesite="strict"
        )


class Browser:
    """Whoever asks, with the cookie that they were given."""

    def __init__(
        self,
        request: Request,
        response: Response,
        now: RealNow,
        secret: Annotated[str | None, Cookie(alias=COOKIE, max_length=200)] = None,
    ) -> None:
        self._door = cast("Door", request.app.state.door)
        self._response = response
        self.now = now
        self.secret = secret

    def let_in(self, entry: Entry) -> SessionView:
        """Give the browser its cookie, and the page its first token."""
        self._door.set_cookie(self._response, entry.refresh)
        return self.stays(entry.person)

    def stays(self, person: Person) -> SessionView:
        """Give the page its next token."""
        return self._door.session(person, self.now)

    def forget(self) -> None:
        """Take the cookie back."""
        self._response.delete_cookie(COOKIE, httponly=True, samesite="strict")


async def _from_our_console(canvass_console: Annotated[str | None, Header()] = None) -> None:
    """A header that no foreign page can make a browser send without asking us first (CORS preflight)."""
    if canvass_console is None:
        raise Forbidden("Send the header `Canvass-Console: 1`.")


Asking = Annotated[Browser, Depends()]
router = APIRouter(prefix="/session", tags=["sessions"], dependencies=[Security(_from_our_console)])


@router.post("", response_model=SessionView)
async def log_in(given: Credentials, tx: Transaction, browser: Asking) -> SessionView | Response:
    """Come in with e-mail and password. After five wrong ones each costs a longer wait."""
    entry = await people.log_in(tx, given.email, given.password, browser.now)
    if entry is None:  # an answer and no exception, so that the attempt is kept
        return problem.refused(Unauthorized(_WRONG))
    return browser.let_in(entry)


@router.post("/link")
async def log_in_by_link(given: LinkToken, tx: Transaction, browser: Asking) -> SessionView:
    """Come in by a one-time link, as `make up` prints it."""
    entry = await people.log_in_by_link(tx, given.token, browser.now)
    if entry is None:
        raise Unauthorized("This link was used, or is too old. Ask for another: `canvass login`.")
    return browser.let_in(entry)


@router.post("/invitation/look")
async def look_at_invitation(given: LinkToken, tx: Transaction, now: RealNow) -> PersonView:
    """Who is invited by a link, before they accept."""
    person = await people.invited(tx, given.token, now)
    if person is None:
        raise Unauthorized(_NO_INVITATION)
    return PersonView.of(person)


@router.post("/invitation")
async def accept_invitation(given: Acceptance, tx: Transaction, browser: Asking) -> SessionView:
    """Choose a name and a password, and come in."""
    entry = await people.accept(tx, given.token, given.name, given.password, browser.now)
    if entry is None:
        raise Unauthorized(_NO_INVITATION)
    return browser.let_in(entry)


@router.post("/refresh")
async def refresh_session(tx: Transaction, browser: Asking) -> SessionView:
    """The next token, for a browser that is in. Its role is what it is now."""
    return browser.stays(await _who(tx, browser))


@router.put("/password")
async def change_password(given: Password, tx: Transaction, browser: Asking) -> SessionView:
    """Choose another password: every other browser of yours is out."""
    person = await _who(tx, browser)
    return browser.let_in(await people.change_password(tx, person.id, given.password, browser.now))


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def log_out(tx: Transaction, browser: Asking) -> None:
    """This browser is out. A token that it has goes on for its last minutes."""
    if browser.secret:
        await people.leave(tx, browser.secret)
    browser.forget()


async def _who(tx: Transaction, browser: Browser) -> Person:
    person = await people.stay(tx, browser.secret, browser.now) if browser.secret else None
    if person is None:
        raise Unauthorized("You are not logged in any longer. Log in again.")
    return person


_WRONG = "E-mail and password do not belong together. After some tries, wait a moment."
_NO_INVITATION = "This invitation was used, or is too old. Ask whoever invited you for another."
