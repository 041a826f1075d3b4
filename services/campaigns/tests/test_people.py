"""People come in by a link, an invitation or a password, and what they may do is what their role says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from canvass_campaigns.api import router
from canvass_campaigns.api.sessions import COOKIE, Door
from canvass_campaigns.domain.people import (
    FREE_ATTEMPTS,
    LONGEST_PAUSE,
    Person,
    came_in,
    failed,
    leaves_no_admin,
    may_try,
)
from canvass_campaigns.settings import Settings
from canvass_campaigns.tables import links, people, sessions
from canvass_campaigns.use_cases import people as use_cases
from canvass_runtime.app import create_app
from canvass_runtime.tokens import KeyRing, create_keys, issue
from canvass_schemas.ids import uuid7
from pydantic import SecretStr
from sqlalchemy import select, update

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
OURS = {"Canvass-Console": "1"}
PASSWORD = "correct horse battery staple"
ADA = Person(uuid7(), "ada@example.com", "Ada", "admin", active=True, created_at=NOON, revision=1)


# What failing costs


def test_the_first_wrong_passwords_cost_nothing():
    person = ADA
    for _ in range(FREE_ATTEMPTS - 1):
        person = failed(person, NOON)
    assert may_try(person, NOON)


def test_each_wrong_password_after_them_costs_twice_the_wait_up_to_a_quarter_of_an_hour():
    person, pauses = ADA, []
    for _ in range(FREE_ATTEMPTS + 12):
        person = failed(person, NOON)
        pauses.append((person.paused_until or NOON) - NOON)
    waits = pauses[FREE_ATTEMPTS - 1 :]
    assert waits[1] == 2 * waits[0] > timedelta(0)
    assert waits[-1] == LONGEST_PAUSE
    assert not may_try(person, NOON + LONGEST_PAUSE / 2)
    assert may_try(person, NOON + LONGEST_PAUSE)


def test_a_right_one_forgets_them():
    assert came_in(failed(ADA, NOON)) == ADA


def test_the_last_admin_stays_one():
    viewer = replace(ADA, role="viewer")
    assert leaves_no_admin(frozenset({ADA.id}), viewer)
    assert leaves_no_admin(frozenset({ADA.id}), replace(ADA, active=False))
    assert not leaves_no_admin(frozenset({ADA.id, uuid7()}), viewer)
    assert not leaves_no_admin(frozenset({ADA.id}), ADA)


# At the door


@pytest.fixture
def keys(tmp_path):
    return create_keys(tmp_path)


@pytest.fixture
def app(database, clock, tmp_path, keys):
    url = SecretStr("postgresql://h/d")
    settings = Settings(database_url=url, rabbitmq_url=SecretStr("amqp://h"), keys_dir=tmp_path)
    app = create_app("campaigns", database=database, clock=clock, settings=settings, routers=[router])
    app.state.door = Door(keys, "http://127.0.0.1:8100")
    return app


@pytest.fixture
async def browser(app):
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://c", headers=OURS) as browser:
        yield browser


@pytest.fixture
def admin(keys):
    token = issue(keys, ["people:read", "people:write"], timedelta(hours=1), "local")
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def ada(browser, admin):
    """Ada, an editor, who has accepted her invitation and then left."""
    invitation = {"email": "Ada@Example.com", "name": "A", "role": "editor"}
    invited = (await browser.post("/people", json=invitation, headers=admin)).json()
    accepted = {"token": invited["token"], "name": "Ada", "password": PASSWORD}
    await browser.post("/session/invitation", json=accepted)
    await browser.delete("/session")
    return invited["person"]


def log_in(browser, password=PASSWORD):
    return browser.post("/session", json={"email": "ada@example.com", "password": password})


async def test_who_has_a_password_comes_in_and_may_do_what_her_role_says(browser, ada, tmp_path):
    answer = await log_in(browser)
    assert answer.status_code == 200
    caller = KeyRing(tmp_path).recognise(answer.json()["token"])
    assert caller.name == "ada@example.com"
    assert "campaigns:write" in caller.scopes
    assert "campaigns:publish" not in caller.scopes


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(browser, ada):
    cookie = (await log_in(browser)).headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


async def test_with_https_the_cookie_goes_over_nothing_else(browser, ada, app, keys):
    app.state.door = Door(keys, "https://canvass.example.com")
    assert "Secure" in (await log_in(browser)).headers["set-cookie"]


async def test_a_wrong_password_and_an_unknown_person_are_told_the_same(browser, ada):
    wrong = await log_in(browser, "wrong")
    nobody = await browser.post("/session", json={"email": "bob@example.com", "password": PASSWORD})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.json() == nobody.json()


async def test_who_guesses_must_wait_even_with_the_right_one(browser, ada, database):
    for _ in range(FREE_ATTEMPTS):
        await log_in(browser, "wrong")
    assert (await log_in(browser)).status_code == 401
    async with database.transaction() as tx:
        await tx.execute(update(people).values(paused_until=NOON.replace(year=2020)))
    assert (await log_in(browser)).status_code == 200


async def test_who_is_in_stays_in_and_who_leaves_is_out(browser, ada):
    await log_in(browser)
    assert (await browser.post("/session/refresh")).json()["person"]["name"] == "Ada"
    secret = browser.cookies[COOKIE]
    assert (await browser.delete("/session")).status_code == 204
    again = await browser.post("/session/refresh", headers={"Cookie": f"{COOKIE}={secret}"})
    assert again.status_code == 401


async def test_a_foreign_page_cannot_make_a_browser_ask(app, browser, ada):
    await log_in(browser)
    answer = await browser.post("/session/refresh", headers={"Canvass-Console": ""})
    assert (
        answer.status_code == 200
    )  # any value will do: that it is there is what no foreign page can bring about
    del browser.headers["Canvass-Console"]
    assert (await browser.post("/session/refresh")).status_code == 403


async def test_a_changed_role_holds_from_the_next_login_and_ends_the_sessions(browser, ada, admin):
    await log_in(browser)
    await browser.patch(f"/people/{ada['id']}", json={"role": "viewer"}, headers=admin)
    assert (await browser.post("/session/refresh")).status_code == 401
    assert "campaigns:write" not in (await log_in(browser)).json()["scopes"]


async def test_who_may_not_come_in_any_longer_does_not(browser, ada, admin):
    await browser.patch(f"/people/{ada['id']}", json={"active": False}, headers=admin)
    assert (await log_in(browser)).status_code == 401


async def test_another_password_puts_every_other_browser_out(browser, ada):
    await log_in(browser)
    elsewhere = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    answer = await browser.put("/session/password", json={"password": "another good sentence"})
    assert answer.status_code == 200
    assert (await browser.post("/session/refresh")).status_code == 200
    browser.cookies.clear()
    assert (await browser.post("/session/refresh", headers=elsewhere)).status_code == 401
    assert (await log_in(browser)).status_code == 401


async def test_an_invitation_says_whose_it_is_and_is_good_once(browser, admin):
    invitation = {"email": "bob@example.com", "name": "Bob", "role": "viewer"}
    token = (await browser.post("/people", json=invitation, headers=admin)).json()["token"]
    looked = await browser.post("/session/invitation/look", json={"token": token})
    assert looked.json()["email"] == "bob@example.com"
    accepted = {"token": token, "name": "Bob", "password": PASSWORD}
    assert (await browser.post("/session/invitation", json=accepted)).status_code == 200
    assert (await browser.post("/session/invitation", json=accepted)).status_code == 401


async def test_a_short_password_is_refused_and_the_invitation_stays_good(browser, admin):
    invitation = {"email": "bob@example.com", "name": "Bob", "role": "viewer"}
    token = (await browser.post("/people", json=invitation, headers=admin)).json()["token"]
    accepted = {"token": token, "name": "Bob", "password": "short"}
    assert (await browser.post("/session/invitation", json=accepted)).status_code == 422
    assert (await browser.post("/session/invitation/look", json={"token": token})).status_code == 200


async def test_a_login_link_makes_the_first_admin_and_is_good_once(browser, admin):
    asked = await browser.post("/people/login-link", json={"email": "root@example.com"}, headers=admin)
    token = {"token": asked.json()["token"]}
    came = await browser.post("/session/link", json=token)
    assert came.json()["person"]["role"] == "admin"
    assert (await browser.post("/session/link", json=token)).status_code == 401


async def test_a_link_is_good_for_its_time(browser, admin, database):
    asked = await browser.post("/people/login-link", json={"email": "root@example.com"}, headers=admin)
    async with database.transaction() as tx:
        await tx.execute(update(links).values(until=NOON.replace(year=2020)))
    assert (await browser.post("/session/link", json=asked.json())).status_code == 401


async def test_an_invitation_is_no_login_link_and_keeps_being_one(browser, admin):
    invitation = {"email": "bob@example.com", "name": "Bob", "role": "viewer"}
    token = (await browser.post("/people", json=invitation, headers=admin)).json()["token"]
    assert (await browser.post("/session/link", json={"token": token})).status_code == 401


async def test_nobody_is_invited_twice(browser, ada, admin):
    again = {"email": "ADA@example.com", "name": "Ada", "role": "viewer"}
    assert (await browser.post("/people", json=again, headers=admin)).status_code == 409


async def test_the_last_admin_cannot_lock_everybody_out(browser, admin):
    await browser.post("/people/login-link", json={"email": "root@example.com"}, headers=admin)
    (root,) = (await browser.get("/people", headers=admin)).json()["items"]
    answer = await browser.patch(f"/people/{root['id']}", json={"role": "viewer"}, headers=admin)
    assert answer.status_code == 409


async def test_no_secret_is_kept_as_it_is(browser, ada, admin, database):
    await log_in(browser)
    await browser.post("/people/login-link", json={"email": "root@example.com"}, headers=admin)
    async with database.transaction() as tx:
        (hashed,) = await tx.scalars(
            select(people.c.password_hash).where(people.c.password_hash.is_not(None))
        )
        secrets = [*await tx.scalars(select(sessions.c.hash)), *await tx.scalars(select(links.c.hash))]
    assert hashed.startswith("$argon2id$")
    assert all(len(secret) == 32 for secret in secrets)


async def test_without_a_key_to_sign_with_nobody_comes_in(browser, ada, app):
    app.state.door = Door(None, "http://127.0.0.1:8100")
    answer = await log_in(browser)
    assert answer.status_code == 403
    assert "CAMPAIGNS_SIGNING_KEY" in answer.json()["detail"]


async def test_people_are_nobody_elses_business(browser, keys):
    token = issue(keys, ["campaigns:read"], timedelta(hours=1), "other")
    answer = await browser.get("/people", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


async def test_the_door_takes_as_long_for_whoever_is_not_there():
    """The hash of nobody is as costly as anybody's."""
    assert use_cases._nobodys().split("$")[:4] == use_cases._hasher.hash("x").split("$")[:4]
