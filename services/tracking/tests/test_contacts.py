"""Contacts over the API: looked for, made, changed, tagged."""

import asyncio
from uuid import uuid4

import pytest
from canvass_runtime.db import Tx
from canvass_tracking.domain.model import Identity
from canvass_tracking.store import search
from canvass_tracking.store.search import Sought
from pydantic_core import from_json
from sqlalchemy import text

from .conftest import types

ANN = {
    "user_id": "ann-7",
    "email": "Ann.Lee@Example.com",
    "phone": "+1 416 555 0123",
    "attributes": {"name": "Ann Zoë Lee", "plan": "pro"},
    "tags": ["vip", "beta", "vip"],
}


async def upsert(api, **document):
    answer = await api.post("/contacts", json=document)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def found(api, **wanted):
    answer = await api.get("/contacts", params=wanted)
    assert answer.status_code == 200, answer.text
    return [one["user_id"] for one in answer.json()["items"]]


async def test_a_contact_is_made_and_told(api, said):
    made = await api.post("/contacts", json=ANN)
    contact = made.json()
    assert made.status_code == 201
    assert (contact["email"], contact["phone"]) == ("ann.lee@example.com", "+14165550123")
    assert (contact["tags"], contact["attributes"]) == (["beta", "vip"], ANN["attributes"])
    (fact,) = await said()
    assert fact.data.model_dump(include={"phone", "tags"}) == {
        "phone": "+14165550123",
        "tags": ["beta", "vip"],
    }
    again = await api.post("/contacts", json=ANN)
    assert (again.status_code, again.json()) == (200, contact)
    assert await said() == []


async def test_what_is_told_replaces_what_was_known_and_tags_are_added(api):
    await upsert(api, **ANN)
    attributes = {"plan": None, "city": "Rome"}
    told = {"email": "new@example.com", "phone": "+493090182000", "tags": ["eu"], "attributes": attributes}
    contact = await upsert(api, user_id="ann-7", **told)
    assert (contact["email"], contact["phone"]) == ("new@example.com", "+493090182000")
    assert contact["tags"] == ["beta", "eu", "vip"]
    assert contact["attributes"] == {"name": "Ann Zoë Lee", "city": "Rome"}
    assert await found(api, email="ann.lee@example.com") == []


async def test_two_who_turn_out_to_be_one_are_merged(api, said):
    by_mail = await upsert(api, email="ann@example.com")
    by_id = await upsert(api, user_id="ann")
    await said()
    both = await upsert(api, user_id="ann", email="ann@example.com")
    assert both["id"] == by_mail["id"]
    assert types(await said()) == ["contact_changed", "contact_merged"]
    shown = await api.get(f"/contacts/{by_id['id']}")
    assert (shown.json()["id"], shown.headers["etag"]) == (both["id"], f'"{both["revision"]}"')


async def test_an_address_is_not_taken_from_another_user(api):
    await upsert(api, user_id="ann", email="ann@example.com")
    answer = await api.post("/contacts", json={"user_id": "bob", "email": "ann@example.com"})
    assert answer.status_code == 409
    assert await found(api, user_id="bob") == []  # nothing of it was kept


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ({"search": "ann"}, True),
        ({"search": "LEE exam"}, True),
        ({"search": "zoë"}, True),
        ({"search": "ann.lee@example.com"}, True),
        ({"search": "ann-7"}, True),
        ({"search": "1416555"}, True),
        ({"search": "nn"}, False),
        ({"search": "ann bob"}, False),
        ({"search": "'; DROP"}, False),
        ({"search": "&|!:*"}, False),
        ({"email": "ANN.LEE@example.com"}, True),
        ({"email": "nobody"}, False),
        ({"phone": "+1 (416) 555-0123"}, True),
        ({"phone": "+14165550124"}, False),
        ({"tag": "vip"}, True),
        ({"tag": "vi"}, False),
        ({"user_id": "ann-7", "tag": "vip", "search": "lee"}, True),
        ({"user_id": "ann-7", "tag": "no"}, False),
    ],
)
async def test_a_contact_is_found_by_what_is_known_of_it(api, wanted, there):
    await upsert(api, **ANN)
    await upsert(api, user_id="carl", email="carl@other.org", tags=["other"])
    assert await found(api, **wanted) == (["ann-7"] if there else [])


async def test_who_was_merged_is_found_as_who_lives(api):
    await upsert(api, email="ann@example.com", attributes={"name": "Ann"})
    await upsert(api, user_id="ann")
    await upsert(api, user_id="ann", email="ann@example.com")
    assert await found(api, search="ann") == ["ann"]
    assert await found(api, user_id="ann") == ["ann"]


@pytest.mark.parametrize(("by", "near"), [({"tag": "all"}, 9), ({"search": "al"}, 9), ({"search": "al"}, 2)])
async def test_what_is_found_comes_in_pages(api, monkeypatch, by, near):
    """Whether they are near, or have to be looked for further on."""
    monkeypatch.setattr(search, "NEAR", near)
    for n in range(5):
        await upsert(api, user_id=f"u{n}", email=f"al{n}@x.org", tags=["all"])
    first = (await api.get("/contacts", params=by | {"limit": 3})).json()
    wanted = by | {"limit": 3, "cursor": first["next_cursor"]}
    rest = (await api.get("/contacts", params=wanted)).json()
    assert [one["user_id"] for one in first["items"] + rest["items"]] == [f"u{n}" for n in range(5)]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("sought", "index"),
    [
        (Sought(text="ann"), "ix_contacts_words"),
        (Sought(phone="+14165550123"), "ix_contacts_phone"),
        (Sought(tag="vip"), "ix_contacts_tags"),
        (Sought(identities=[Identity("email", "a@x.org")]), "pk_identities"),
    ],
)
async def test_nobody_is_looked_for_by_reading_all(database, sought, index):
    async with database.transaction() as tx:
        await tx.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await explained(tx, sought)
    assert index in plan
    assert "Seq Scan" not in plan


async def explained(tx: Tx, sought) -> str:
    query, values = search.statement(sought)
    await tx.driver.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    typed = ", ".join(["uuid", "int", *["text"] * len(values)])
    await tx.driver.execute(f"PREPARE sought ({typed}) AS {query}")
    nobody = "'00000000-0000-0000-0000-000000000000'"
    given = ", ".join([nobody, "51", *[f"'{value}'" for value in values]])
    rows = await tx.driver.fetch(f"EXPLAIN EXECUTE sought ({given})")
    await tx.driver.execute("DEALLOCATE sought")
    return "\n".join(row[0] for row in rows)


async def test_a_contact_is_changed_by_what_is_named(api, said):
    contact = await upsert(api, **ANN)
    await said()
    path = f"/contacts/{contact['id']}"
    change = {"email": "ann@new.org", "phone": None, "attributes": {"plan": None, "n": 1}}
    answer = await api.patch(path, json=change, headers={"if-match": '"1"'})
    now = answer.json()
    assert (answer.status_code, answer.headers["etag"], now["revision"]) == (200, '"2"', 2)
    assert (now["email"], now["phone"], now["user_id"]) == ("ann@new.org", None, "ann-7")
    assert now["attributes"] == {"name": "Ann Zoë Lee", "n": 1}
    assert (await api.get(path)).json() == now
    assert await found(api, email="ann@new.org") == ["ann-7"]
    assert await found(api, email="ann.lee@example.com") == []
    (fact,) = await said()
    assert (fact.data.revision, fact.data.phone) == (2, None)
    assert (await api.patch(path, json=change)).json() == now
    assert await said() == []
    assert (await api.patch(path, json={"phone": None}, headers={"if-match": '"1"'})).status_code == 412


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"email": "bob@example.com"}, 409),
        ({"user_id": "bob"}, 409),
        ({"email": "no"}, 422),
        ({"email": None, "user_id": None}, 422),
        ({"phone": "416 555 0123"}, 422),
        ({"user_id": ""}, 422),
        ({"user_id": " "}, 422),
        ({"user_id": "a\nb"}, 422),
        ({"attributes": {"email": "x"}}, 422),
        ({"attributes": {"score": 1}}, 422),
        ({"attributes": {"": 1}}, 422),
        ({"attributes": {"a": "\x00"}}, 422),
        ({"attributes": {str(n): n for n in range(501)}}, 422),
        ({"attributes": {"a": "x" * 140_000}}, 422),
        ({"attributes": {"a": from_json("[" * 40 + "]" * 40)}}, 422),
        ({"revision": 7}, 422),
    ],
)
async def test_a_change_that_cannot_be_is_refused(api, said, change, status):
    ann = await upsert(api, **ANN)
    await upsert(api, user_id="bob", email="bob@example.com")
    await said()
    answer = await api.patch(f"/contacts/{ann['id']}", json=change)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (await api.get(f"/contacts/{ann['id']}")).json() == ann
    assert await said() == []


async def test_tags_are_added_and_taken_away(api, said):
    ann = await upsert(api, **ANN)
    await said()
    path = f"/contacts/{ann['id']}/tags"
    for _ in range(2):
        answer = await api.post(path, json={"add": ["new", "vip"], "remove": ["beta", "none"]})
        assert (answer.status_code, answer.json()["tags"]) == (200, ["new", "vip"])
    (fact,) = await said()
    assert fact.data.tags == ["new", "vip"]
    assert (await api.post(path, json={"add": ["a"], "remove": ["a"]})).status_code == 422
    assert (await api.post(path, json={"add": ["x" * 101]})).status_code == 422
    assert (await api.post(path, json={"add": ["\x1f"]})).status_code == 422
    assert (await api.post(f"/contacts/{uuid4()}/tags", json={"add": ["a"]})).status_code == 404


async def test_what_is_sent_twice_with_one_key_acts_once(api, said):
    ann = await upsert(api, **ANN)
    headers = {"idempotency-key": "k"}
    tagged = f"/contacts/{ann['id']}/tags"
    first = await api.post(tagged, json={"add": ["x"]}, headers=headers)
    await api.post(tagged, json={"remove": ["x"]})
    again = await api.post(tagged, json={"add": ["x"]}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert (await api.get(f"/contacts/{ann['id']}")).json()["tags"] == ["beta", "vip"]


async def test_many_are_taken_at_once_each_with_what_became_of_it(api, said):
    await upsert(api, user_id="bob", email="bob@example.com")
    await said()
    many = [{"user_id": f"u{n}", "email": f"u{n}@example.com"} for n in range(498)]
    taken = {"user_id": "eve", "email": "bob@example.com"}
    batch = [*many, taken, {"user_id": "bob", "attributes": {"plan": "pro"}}]
    items = (await api.post("/contacts/batch", json={"contacts": batch})).json()["items"]
    assert len(items) == 500
    assert [one["created"] for one in items[-3:]] == [True, True, False]
    assert [bool(one["problem"]) for one in items[-3:]] == [False, True, False]
    assert len(await said()) == 500
    assert (await api.post("/contacts/batch", json={"contacts": batch + many[:1]})).status_code == 422
    assert (
        await api.post("/contacts/batch", json={"contacts": [{"phone": "+14165550123"}]})
    ).status_code == 422


async def test_the_last_word_of_a_batch_counts(api):
    told = [{"user_id": "a", "attributes": {"n": n}} for n in range(3)]
    items = (await api.post("/contacts/batch", json={"contacts": told})).json()["items"]
    assert len({one["id"] for one in items}) == 1
    assert not any(one["problem"] for one in items)
    assert (await api.get(f"/contacts/{items[0]['id']}")).json()["attributes"] == {"n": 2}


async def test_twenty_at_once_make_one_contact(api):
    async def one(n):
        answer = await api.post("/contacts", json={"email": "ann@example.com", "tags": [f"t{n:02}"]})
        return answer.status_code

    statuses = await asyncio.gather(*(one(n) for n in range(20)))
    assert sorted(statuses) == [200] * 19 + [201]
    (ann,) = (await api.get("/contacts")).json()["items"]
    assert ann["tags"] == [f"t{n:02}" for n in range(20)]


async def test_an_anonymous_visitor_can_be_named(api, client, said):
    await client.post("/v1/page", json={"anonymousId": "a", "writeKey": "wk_public"})
    (visitor,) = (await api.get("/contacts")).json()["items"]
    await said()
    answer = await api.patch(f"/contacts/{visitor['id']}", json={"email": "ann@example.com"})
    assert answer.json()["identified_at"]
    assert types(await said()) == ["contact_changed"]
    assert await found(api, email="ann@example.com") == [None]
