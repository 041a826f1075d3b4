"""Forms: defined over the API, shown and submitted without scripts, confirmed by a link."""

import re

import pytest
from canvass_tracking.domain.model import Identity
from canvass_tracking.store import contacts

from .conftest import types

WEBINAR = {
    "name": "Webinar",
    "fields": [
        {"name": "email", "type": "email", "label": "E-mail", "required": True, "maps_to": "email"},
        {"name": "phone", "type": "phone", "maps_to": "phone"},
        {"name": "company", "type": "text", "maps_to": "company"},
        {"name": "seats", "type": "number"},
        {"name": "news", "type": "checkbox", "maps_to": "wants_news"},
        {"name": "campaign", "type": "hidden", "value": "spring"},
    ],
    "message": "See you there!",
    "phone_region": "CA",
}
GOOD = {"email": " Ann@Example.com ", "phone": "416 555 0123", "company": "Acme", "seats": "2", "news": "on"}
NEW = {"if-none-match": "*"}


@pytest.fixture
async def webinar(api):
    assert (await api.put("/forms/webinar", json=WEBINAR, headers=NEW)).status_code == 201
    return "/forms/webinar/submit"


@pytest.fixture
def find(database):
    async def find(kind, value):
        async with database.transaction() as tx:
            return await contacts.find(tx, Identity(kind, value))

    return find


def submitted(facts):
    return [fact for fact in facts if fact.type.startswith("tracking.form_submitted")]


@pytest.mark.parametrize("how", ["data", "json", "multipart"])
async def test_a_submission_makes_a_contact_and_is_told(webinar, client, find, said, how):
    told = {"files": {name: (None, value) for name, value in GOOD.items()}}
    answer = await client.post(webinar, **(told if how == "multipart" else {how: GOOD}))
    assert answer.status_code == 200
    contact = await find("email", "ann@example.com")
    assert (contact.phone, contact.attributes) == ("+14165550123", {"company": "Acme", "wants_news": True})
    changed, fact = await said()
    assert types([changed, fact]) == ["contact_changed", "form_submitted"]
    assert (fact.subject, fact.data.form, fact.data.contact_revision) == (contact.id, "webinar", 1)
    good = {"phone": "+14165550123", "company": "Acme", "seats": 2, "news": True}
    assert fact.data.properties == {"email": "ann@example.com", **good}


async def test_a_browser_is_shown_a_page_and_known_again(webinar, client, find):
    answer = await client.post(webinar, data=GOOD)
    assert "See you there!" in answer.text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    known = await find("anonymous_id", client.cookies["canvass_id"])
    assert known == await find("email", "ann@example.com")
    await client.post(webinar, data={"email": "ann@example.com"})
    assert "canvass_id" in client.cookies


async def test_a_visitor_of_the_site_becomes_the_contact(webinar, client, find):
    await client.post("/v1/page", json={"anonymousId": "a", "writeKey": "wk_public"})
    visitor = await find("anonymous_id", "a")
    await client.post(webinar, data=GOOD | {"_anonymous_id": "a"})
    assert (await find("email", "ann@example.com")).id == visitor.id


async def test_the_same_submission_counts_once(webinar, client, said):
    for _ in range(2):
        assert (await client.post(webinar, data=GOOD | {"_submission_id": "s-1"})).status_code == 200
    assert len(submitted(await said())) == 1
    headers = {"idempotency-key": "s-1"}
    assert (await client.post(webinar, json=GOOD, headers=headers)).json()["submission_id"] == "s-1"
    assert await said() == []


async def test_a_program_is_answered_with_json(webinar, client):
    told = {"message": "See you there!", "redirect_to": None, "to_be_confirmed": False}
    sent = GOOD | {"_submission_id": "s"}
    answer = await client.post(webinar, json=sent)
    assert answer.json() == {"submission_id": "s", **told}
    assert answer.headers["access-control-allow-origin"] == "*"
    asked = await client.post(webinar, data=sent, headers={"accept": "application/json"})
    assert asked.json() == answer.json()
    assert (await client.options(webinar)).status_code == 204


async def test_a_form_leads_on_to_where_it_was_told_and_nowhere_else(api, client):
    form = WEBINAR | {"redirect_to": "https://example.com/thanks"}
    await api.put("/forms/webinar", json=form, headers=NEW)
    sent = GOOD | {"redirect_to": "https://evil.example.com", "next": "//evil.example.com"}
    answer = await client.post("/forms/webinar/submit", data=sent)
    assert (answer.status_code, answer.headers["location"]) == (303, "https://example.com/thanks")


@pytest.mark.parametrize("trap", ["data", "json"])
async def test_what_fills_in_the_hidden_field_is_thanked_and_forgotten(webinar, client, said, find, trap):
    answer = await client.post(webinar, **{trap: GOOD | {"_website": "http://spam"}})
    assert answer.status_code == 200
    assert await said() == []
    assert await find("email", "ann@example.com") is None


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"email": None}, "email"),
        ({"email": "ann"}, "email"),
        ({"email": "a@x.org\r\nBcc: b@x.org"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"seats": "two"}, "seats"),
        ({"seats": "1e999"}, "seats"),
        ({"seats": True}, "seats"),
        ({"company": "x" * 2001}, "company"),
        ({"company": "a\x00b"}, "company"),
        ({"company": {"$ne": 1}}, "company"),
        ({"news": "perhaps"}, "news"),
        ({"_submission_id": "x" * 100}, "_submission_id"),
        ({"_anonymous_id": ["a"]}, "_anonymous_id"),
    ],
)
async def test_what_is_wrong_is_said_field_by_field(webinar, client, said, sent, field):
    answer = await client.post(webinar, json=GOOD | sent)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert await said() == []


async def test_a_browser_gets_the_form_again_with_what_it_sent(webinar, client):
    answer = await client.post(webinar, data=GOOD | {"email": '"><script>alert(1)</script>'})
    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert 'value="Acme"' in answer.text
    assert "Please enter an e-mail address" in answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 422),
        (b"[1]", "application/json", 422),
        (b'{"email": NaN}', "application/json", 422),
        (b"[" * 50_000, "application/json", 422),
        (b"a=1&" * 200, "application/x-www-form-urlencoded", 422),
        (b"--x\r\n", "multipart/form-data", 422),
        (b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n1\r\n--x--\r\n', None, 422),
        (b"x" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"hello", "text/plain", 415),
    ],
)
async def test_a_bad_body_is_refused(webinar, client, content, kind, status):
    kind = kind or "multipart/form-data; boundary=x"
    answer = await client.post(webinar, content=content, headers={"content-type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_too_many_from_one_address_are_told_to_wait(webinar, client):
    statuses = [(await client.post(webinar, json={})).status_code for _ in range(122)]
    assert statuses[0] == 422
    assert statuses[-1] == 429


async def test_there_is_no_such_form(client):
    for path in ("/forms/nothing/page", "/forms/nothing/embed.html"):
        assert (await client.get(path)).status_code == 404
    assert (await client.post("/forms/nothing/submit", json={})).status_code == 404


async def test_nothing_that_a_form_says_runs_in_the_page(api, client):
    evil = '"><script>alert(1)</script>'
    field = {"name": "a", "type": "text", "label": evil, "value": evil}
    form = {"name": evil, "fields": [field], "message": evil}
    assert (await api.put("/forms/evil", json=form, headers=NEW)).status_code == 201
    for answer in [
        await client.get("/forms/evil/page"),
        await client.get("/forms/evil/embed.html"),
        await client.post("/forms/evil/submit", data={"a": "1"}),
    ]:
        assert answer.status_code == 200
        assert "<script" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_page_can_be_filled_in_without_scripts(webinar, client, said):
    page = (await client.get("/forms/webinar/page")).text
    assert '<form action="submit" method="post">' in page
    names = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', page))
    assert names["campaign"] == "spring"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    for _ in range(2):
        await client.post(webinar, data=hidden | GOOD)
    (fact,) = submitted(await said())
    assert fact.data.properties["campaign"] == "spring"
    embedded = (await client.get("/forms/webinar/embed.html")).text
    assert '<form action="http://tracking/forms/webinar/submit" method="post">' in embedded


async def test_a_public_form_overwrites_nothing(webinar, client, find):
    await client.post(webinar, data=GOOD)
    await client.post(webinar, data=GOOD | {"phone": "+493090182000", "company": "Evil"})
    contact = await find("email", "ann@example.com")
    assert (contact.phone, contact.attributes["company"]) == ("+14165550123", "Acme")


class TestAFormToBeConfirmed:
    @pytest.fixture
    async def submit(self, api, client):
        form = WEBINAR | {"confirm": {"template": "confirm"}}
        assert (await api.put("/forms/webinar", json=form, headers=NEW)).status_code == 201

        async def submit(**more):
            sent = {"email": "ann@example.com", "company": "Acme", **more}
            return await client.post("/forms/webinar/submit", json=sent)

        return submit

    async def test_asks_the_address_and_counts_once_it_was_confirmed(self, submit, client, said, find):
        assert (await submit()).json()["to_be_confirmed"]
        changed, wanted = await said()
        assert types([changed, wanted]) == ["contact_changed", "message_wanted"]
        told = wanted.data
        assert (told.form, told.template, told.channel) == ("webinar", "confirm", "email")
        assert (wanted.subject, told.contact_revision) == (changed.subject, changed.data.revision)
        assert (await find("email", "ann@example.com")).attributes == {}
        link = told.values["confirm_url"]
        page = await client.get(link)
        assert '<button type="submit">Confirm</button>' in page.text
        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert await said() == []
        for _ in range(2):
            assert "See you there!" in (await client.post(link)).text
        changed, fact = await said()
        assert types([changed, fact]) == ["contact_changed", "form_submitted"]
        assert changed.data.attributes["company"] == "Acme"
        assert fact.subject == wanted.subject

    @pytest.mark.usefixtures("ann")
    async def test_overwrites_what_was_known(self, submit, client, said, find):
        await submit(company="Acme Ltd", phone="+493090182000")
        (wanted,) = await said()
        await client.post(wanted.data.values["confirm_url"])
        contact = await find("email", "ann@example.com")
        assert (contact.phone, contact.attributes["company"]) == ("+493090182000", "Acme Ltd")

    @pytest.fixture
    async def ann(self, client, said):
        traits = {"email": "ann@example.com", "company": "Acme", "phone": "+14165550123"}
        event = {"anonymousId": "b", "traits": traits, "writeKey": "wk_public"}
        await client.post("/v1/identify", json=event)
        await said()

    async def test_asks_nobody_more_than_three_times_an_hour(self, submit, said):
        for _ in range(5):
            assert (await submit()).status_code == 200
        wanted = [fact for fact in await said() if fact.type.startswith("tracking.message_wanted")]
        assert len(wanted) == 3
        assert len({fact.data.effect_id for fact in wanted}) == 3

    async def test_asks_once_for_one_submission(self, submit, said):
        for _ in range(3):
            await submit(_submission_id="s")
        assert types(await said()).count("message_wanted") == 1

    async def test_has_links_that_cannot_be_guessed(self, client):
        for method in ("GET", "POST"):
            answer = await client.request(method, "/forms/confirm/" + "x" * 32)
            assert answer.status_code == 404
            assert "no longer valid" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": []},
        {"fields": [{"name": "_submission_id", "type": "text"}]},
        {"fields": [{"name": "a", "type": "text"}, {"name": "a", "type": "text"}]},
        {"fields": [{"name": "a", "type": "file"}]},
        {"fields": [{"name": "a", "type": "text", "maps_to": "email"}]},
        {"fields": [{"name": "a", "type": "text", "maps_to": "score"}]},
        {"fields": [{"name": "a", "type": "text"}], "confirm": {"template": "t"}},
        {"redirect_to": "javascript:alert(1)"},
        {"redirect_to": "//example.com"},
        {"phone_region": "XX"},
        {"name": ""},
        {"script": "1"},
    ],
)
async def test_what_is_no_form_is_refused(api, wrong):
    answer = await api.put("/forms/webinar", json=WEBINAR | wrong, headers=NEW)
    assert answer.status_code == 422
    assert answer.json()["fields"]


async def test_a_form_is_defined_read_and_listed(api):
    made = await api.put("/forms/webinar", json=WEBINAR, headers=NEW)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    assert (await api.put("/forms/webinar", json=WEBINAR)).status_code == 428
    changed = WEBINAR | {"message": "Soon!"}
    again = await api.put("/forms/webinar", json=changed, headers={"if-match": '"1"'})
    assert (again.status_code, again.json()["revision"]) == (200, 2)
    assert (await api.get("/forms/webinar")).json() == again.json()
    assert (await api.get("/forms")).json()["items"] == [again.json()]
    assert (await api.put("/forms/confirm", json=WEBINAR, headers=NEW)).status_code == 422
    assert (await api.get("/forms/none")).status_code == 404
