import pytest
from canvass_channels.store.definitions import Sender, read
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
