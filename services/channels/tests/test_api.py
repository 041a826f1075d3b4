from datetime import timedelta

import pytest
from canvass_channels.store.definitions import Sender, read
from canvass_runtime.tokens import issue
from canvass_schemas.ids import derived

from services.channels.tests.conftest import ANN, BOB, TEMPLATE, contact, wanted

NEW = {"If-None-Match": "*"}
SENDER = {
    "kind": "smtp",
    "url": "smtp://me:s%40cret@127.0.0.1:2525",
    "from": "Canvass <hello@example.com>",
    "connections": 5,
}


async def test_a_template_is_put_and_read(client):
    put = await client.put("/templates/welcome", json=TEMPLATE, headers=NEW)
    assert (put.status_code, put.headers["ETag"]) == (201, '"1"')
    read = await client.get("/templates/welcome")
    assert {name: read.json()[name] for name in TEMPLATE} == TEMPLATE
    changed = await client.put(
        "/templates/welcome", json=TEMPLATE | {"html": None}, headers={"If-Match": '"1"'}
    )
    assert (changed.status_code, changed.json()["revision"], changed.json()["html"]) == (200, 2, None)
    listed = (await client.get("/templates")).json()
    assert [one["key"] for one in listed["items"]] == ["welcome"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 428), (NEW, 412), ({"If-Match": '"7"'}, 412), ({"If-Match": '"1"'}, 200)],
)
async def test_a_template_is_changed_by_whoever_has_read_it(client, headers, status):
    await client.put("/templates/welcome", json=TEMPLATE, headers=NEW)
    assert (await client.put("/templates/welcome", json=TEMPLATE, headers=headers)).status_code == status


async def test_mistakes_in_a_template_are_told_with_their_lines(client):
    wrong = TEMPLATE | {"subject": "{{ contact.name", "text": "Hello\n{{ (1..100000000) | join }}"}
    answer = await client.put("/templates/welcome", json=wrong, headers=NEW)
    fields = answer.json()["fields"]
    assert (answer.status_code, set(fields)) == (422, {"subject", "text"})
    assert fields["subject"].startswith("line 1")
    assert fields["text"] == "line 2: a range may have 10000 numbers, not more"


@pytest.mark.parametrize("change", [{"subject": ""}, {"name": ""}, {"text": "x" * 200_001}, {"to": "x"}])
async def test_a_template_is_what_it_should_be(client, change):
    assert (await client.put("/templates/welcome", json=TEMPLATE | change, headers=NEW)).status_code == 422


async def test_a_password_is_never_shown_and_stays_when_it_is_sent_back(client, database):
    shown = (await client.put("/senders/default", json=SENDER, headers=NEW)).json()
    assert shown["url"] == "smtp://me:***@127.0.0.1:2525"
    assert "cret" not in (await client.get("/senders/default")).text + (await client.get("/senders")).text
    back = {name: shown[name] for name in SENDER} | {"connections": 7, "url": "smtp://me:***@other:2525"}
    assert (await client.put("/senders/default", json=back, headers={"If-Match": '"1"'})).status_code == 200
    async with database.transaction() as tx:
        sender = await read(tx, Sender, "default")
    assert (sender.url, sender.connections) == ("smtp://me:s%40cret@other:2525", 7)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://example.com"}, "url"),
        ({"from": "nobody"}, "from"),
        ({"from": "A <a@b.c>\r\nBcc: <d@e.f>"}, "from"),
        ({"connections": 0}, "connections"),
        ({"kind": "pigeon"}, "kind"),
    ],
)
async def test_a_sender_that_cannot_send_is_refused(client, change, field):
    answer = await client.put("/senders/default", json=SENDER | change, headers=NEW)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


async def test_a_contacts_messages_are_listed_with_where_they_stand(client, define, hear, send):
    await define()
    steps = ["one", "two", "three"]
    await hear(contact(ANN), contact(BOB), wanted(BOB), *(wanted(step=step) for step in steps))
    await send()
    first = (await client.get(f"/deliveries?contact_id={ANN}&limit=2")).json()
    rest = (await client.get(f"/deliveries?contact_id={ANN}&limit=2&cursor={first['next_cursor']}")).json()
    items = first["items"] + rest["items"]
    assert {item["step"] for item in items} == set(steps)
    one = (await client.get(f"/deliveries/{derived(ANN, 'one')}")).json()
    assert one in items
    assert (one["state"], one["attempts"], one["provider_id"], one["due_at"]) == ("accepted", 1, "4F2A", None)


@pytest.mark.parametrize("url", ["/templates/gone", "/senders/default", f"/deliveries/{ANN}"])
async def test_what_is_not_there_is_said_so(client, url):
    assert (await client.get(url)).status_code == 404


async def test_without_a_key_nothing_is_shown(client):
    client.headers.pop("Authorization")
    assert (await client.get("/senders")).status_code == 401


SMS = {"kind": "sms", "account": "AC1", "token": "s3cret", "from": "+15550001111"}


async def test_a_provider_of_sms_is_put_and_its_token_never_shown(client, database):
    shown = (await client.put("/senders/twilio", json=SMS, headers=NEW)).json()
    assert (shown["url"], shown["token"], shown["account"]) == ("https://api.twilio.com", "***", "AC1")
    assert "s3cret" not in (await client.get("/senders/twilio")).text + (await client.get("/senders")).text
    back = SMS | {"token": "***", "connections": 9}
    put = await client.put("/senders/twilio", json=back, headers={"If-Match": '"1"'})
    assert (put.status_code, put.json()["connections"]) == (200, 9)
    async with database.transaction() as tx:
        assert (await read(tx, Sender, "twilio")).token == "s3cret"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": None}, "token"),
        ({"token": "***"}, "token"),
        ({"account": ""}, "account"),
        ({"from": "a\nb"}, "from"),
        ({"url": "http://10.0.0.1"}, "url"),
        ({"url": "smtp://example.com"}, "url"),
    ],
)
async def test_a_provider_of_sms_that_cannot_send_is_refused(client, change, field):
    answer = await client.put("/senders/twilio", json=SMS | change, headers=NEW)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


HOOK = {"kind": "webhook", "url": "https://crm.example.com/hook"}


async def test_a_webhook_is_put_with_a_secret_of_its_own(client):
    put = await client.put("/destinations/crm", json=HOOK, headers=NEW)
    assert (put.status_code, put.headers["ETag"]) == (201, '"1"')
    secret = put.json()["secret"]
    assert secret.startswith("whsec_")
    moved = HOOK | {"url": "https://new.example.com/"}
    again = await client.put("/destinations/crm", json=moved, headers={"If-Match": '"1"'})
    assert (again.json()["secret"], again.json()["url"]) == (secret, "https://new.example.com/")
    listed = (await client.get("/destinations")).json()["items"]
    assert [(one["key"], one["kind"], one["disabled"]) for one in listed] == [("crm", "webhook", None)]


async def test_a_secret_is_shown_to_those_who_may_write(client, settings):
    await client.put("/destinations/crm", json=HOOK, headers=NEW)
    (private,) = settings.keys_dir.glob("*.private.pem")
    token = issue(private, ["destinations:read"], timedelta(hours=1), "a reader")
    shown = await client.get("/destinations/crm", headers={"Authorization": f"Bearer {token}"})
    assert shown.json()["secret"] == "***"


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"kind": "webhook", "url": "http://169.254.169.254/latest"}, "url"),
        ({"kind": "webhook", "url": "http://[::1]/"}, "url"),
        ({"kind": "webhook", "url": "file:///etc/passwd"}, "url"),
        (HOOK | {"secret": "short"}, "secret"),
        ({"kind": "notify", "to": ["nobody"]}, "to.0"),
        ({"kind": "notify", "to": ["a@b.c\r\nBcc: d@e.f"]}, "to.0"),
        ({"kind": "notify", "to": ["a@example.com"], "text": "{{ contact.name"}, "text"),
        ({"kind": "notify", "to": ["a@example.com"], "subject": "Hot\nBcc: d@e.f"}, "subject"),
    ],
)
async def test_a_destination_where_nothing_can_be_sent_is_refused(client, document, field):
    answer = await client.put("/destinations/crm", json=document, headers=NEW)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


@pytest.mark.parametrize(
    "document", [{}, {"kind": "fax"}, {"kind": "notify", "to": []}, {"kind": "notify", "to": ["a@b.c"] * 21}]
)
async def test_a_destination_is_what_it_should_be(client, document):
    assert (await client.put("/destinations/crm", json=document, headers=NEW)).status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"subject": "Hello\r\nBcc: everybody@example.com"}, "subject"),
        ({"subject": "x" * 901}, "subject"),
        ({"channel": "sms"}, "subject"),
        ({"channel": "sms", "subject": ""}, "html"),
        ({"text": "{% for i in (1..9999) %}{% for i in (1..9999) %}x{% endfor %}{% endfor %}"}, "text"),
    ],
)
async def test_a_template_that_nobody_could_be_sent_is_refused(client, change, field):
    answer = await client.put("/templates/welcome", json=TEMPLATE | change, headers=NEW)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


async def test_a_template_is_shown_as_somebody_would_get_it(client, define, hear):
    await define(html='<a href="https://example.com/">{{ contact.name }}</a>', text="{{ values.code }}")
    await hear(contact(ANN, name="<Ann>"))
    url = "/templates/welcome/preview"
    of_ann = (await client.post(url, json={"contact_id": str(ANN), "values": {"code": 7}})).json()
    assert of_ann == {
        "subject": "Hello <Ann>",
        "text": "7",
        "html": '<a href="https://example.com/">&lt;Ann&gt;</a>',
    }
    told = (await client.post(url, json={"contact": {"name": "Bob"}})).json()
    assert told["subject"] == "Hello Bob"
    assert (await client.post(url, json={"contact_id": str(BOB)})).status_code == 404
    assert (await client.post(url, json={"contact_id": str(ANN), "contact": {}})).status_code == 422


async def test_a_test_goes_by_the_sender_and_else_into_the_outbox(client, put, put_sender, mails):
    await put()
    test = {"to": "me@ours.example", "contact": {"name": "Ann"}}
    kept = (await client.post("/templates/welcome/test", json=test)).json()
    assert (kept["accepted"], kept["provider"]) == (True, "outbox")
    assert (await client.get(f"/outbox/{kept['provider_id']}")).json()["to"] == ["me@ours.example"]
    await put_sender(url=f"smtp://127.0.0.1:{mails.port}", from_address="a@example.com")
    sent = (await client.post("/templates/welcome/test", json=test)).json()
    assert sent == {"accepted": True, "provider": "default", "provider_id": "4F2A", "reason": None}
    assert (mails.recipients, mails.messages[0]["Subject"]) == (["me@ours.example"], "Hello Ann")
    mails.script["RCPT"] = ["550 no such user"]
    refused = (await client.post("/templates/welcome/test", json=test)).json()
    assert (refused["accepted"], refused["reason"]) == (False, "550 no such user")
    wrong = await client.post("/templates/welcome/test", json=test | {"to": "a@b.c\r\nBcc: d@e.f"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["to"])
    forged = await client.post("/templates/welcome/test", json=test | {"contact": {"name": "A\nBcc: d@e.f"}})
    assert (forged.status_code, list(forged.json()["fields"])) == (422, ["subject"])


async def test_a_subject_may_be_written_in_several_lines_of_liquid(client):
    subject = "{% if contact.vip -%}\nDear{% else %}Hello{%- endif %} {{\n contact.name }}"
    answer = await client.put("/templates/welcome", json=TEMPLATE | {"subject": subject}, headers=NEW)
    assert answer.status_code == 201


async def test_every_route_is_described(client):
    described = (await client.get("/openapi.json")).json()
    ids = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))
    assert {"/u/{token}", "/outbox", "/destinations/{key}", "/templates/{key}/test"} <= set(
        described["paths"]
    )
