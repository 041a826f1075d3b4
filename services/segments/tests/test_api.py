"""People define segments and look at who belongs where, over HTTP."""

from uuid import UUID, uuid4

import pytest
from canvass_segments.store import previews, tallies
from canvass_segments.use_cases import counting
from sqlalchemy import text

from services.segments.tests.conftest import (
    ANN,
    BOB,
    CANADA,
    CAT,
    NOON,
    PRICES_TWICE,
    changed,
    clicked,
    document,
    merged,
    opened,
    submitted,
    tracked,
    viewed,
)

NEW = {"If-None-Match": "*"}


async def test_a_segment_is_created_read_and_replaced(client):
    put = await client.put("/segments/hot", json=document(CANADA), headers=NEW)
    assert (put.status_code, put.headers["ETag"]) == (201, '"1"')
    assert put.json()["document"] == document(CANADA)
    assert put.json()["built"] is False
    got = await client.get("/segments/hot")
    assert (got.status_code, got.headers["ETag"], got.json()) == (200, '"1"', put.json())
    again = await client.put("/segments/hot", json=document(PRICES_TWICE), headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()["revision"]) == (200, 2)


async def test_the_same_document_changes_nothing(client):
    await client.put("/segments/hot", json=document(CANADA), headers=NEW)
    again = await client.put("/segments/hot", json=document(CANADA), headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()["revision"]) == (200, 1)


async def test_one_and_true_are_different_documents(client):
    one, true = ({"field": "plan", "operator": "=", "value": value} for value in (1, True))
    await client.put("/segments/hot", json=document(one), headers=NEW)
    again = await client.put("/segments/hot", json=document(true), headers={"If-Match": '"1"'})
    assert again.json()["revision"] == 2


async def test_another_name_builds_nothing(client, define):
    await define("hot", CANADA)
    renamed = await client.put(
        "/segments/hot", json=document(CANADA, name="Other"), headers={"If-Match": '"1"'}
    )
    assert (renamed.json()["revision"], renamed.json()["built"]) == (2, True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 428, id="no word of what is there"),
        pytest.param({"If-Match": '"2"'}, 412, id="another revision"),
        pytest.param(NEW, 412, id="it exists"),
    ],
)
async def test_a_change_says_what_it_changes(client, headers, status):
    await client.put("/segments/hot", json=document(CANADA), headers=NEW)
    assert (await client.put("/segments/hot", json=document(), headers=headers)).status_code == status


@pytest.mark.parametrize(
    ("body", "path"),
    [
        pytest.param({"name": "x"}, "", id="no rules"),
        pytest.param({**document(CANADA), "name": ""}, "/name", id="no name"),
        pytest.param({**document(CANADA), "more": 1}, "", id="what nobody knows"),
        pytest.param(document({**CANADA, "operator": "~"}), "/rules/rules/0/operator", id="no operator"),
        pytest.param(document(CANADA, {**CANADA, "value": None}), "/rules/rules/1/value", id="null"),
        pytest.param(document({**CANADA, "value": "\0"}), "/rules/rules/0/value", id="NUL"),
        pytest.param(document({"behaviour": "flew"}), "/rules/rules/0/behaviour", id="no behaviour"),
        pytest.param(document(match="some"), "/rules/match", id="no match"),
    ],
)
async def test_what_is_wrong_is_said_with_its_place(client, body, path):
    answer = await client.put("/segments/hot", json=body, headers=NEW)
    assert answer.status_code == 422
    assert path in answer.json()["fields"]
    assert (await client.get("/segments/hot")).status_code == 404


@pytest.mark.parametrize("content", ["[]", "null", "{", '{"name": NaN}', "[" * 5000, '{"a":' * 5000])
async def test_what_is_no_document_is_refused(client, content):
    headers = {**NEW, "Content-Type": "application/json"}
    answer = await client.put("/segments/hot", content=content, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_all_segments_are_listed_by_pages(client):
    for key in ("a", "b", "c"):
        await client.put(f"/segments/{key}", json=document(CANADA), headers=NEW)
    first = (await client.get("/segments", params={"limit": 2})).json()
    assert [item["key"] for item in first["items"]] == ["a", "b"]
    rest = (await client.get("/segments", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert ([item["key"] for item in rest["items"]], rest["next_cursor"]) == (["c"], None)


async def test_members_are_listed_by_pages(client, define, hear):
    ids = [UUID(int=number) for number in range(1, 6)]
    await define("canada", CANADA)
    await hear(*(changed(id_, country="CA") for id_ in ids), changed(uuid4(), country="US"))
    found, cursor = [], {}
    while True:
        page = (await client.get("/segments/canada/members", params={"limit": 2, **cursor})).json()
        found += [UUID(item["contact_id"]) for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == ids
    assert (await client.get("/segments/nowhere/members")).status_code == 404


async def test_a_contact_shows_what_it_is_in_also_by_its_former_id(client, define, hear):
    await define("canada", CANADA)
    await hear(changed(BOB, country="CA"), merged(ANN, BOB))
    for id_ in (ANN, BOB):
        shown = (await client.get(f"/contacts/{id_}/segments")).json()
        assert shown["contact_id"] == str(BOB)
        assert [item["segment"] for item in shown["items"]] == ["canada"]
    assert (await client.get(f"/contacts/{uuid4()}/segments")).json()["items"] == []


async def test_who_has_no_key_sees_nothing(client):
    del client.headers["Authorization"]
    for path in ("/segments", "/segments/hot", "/segments/hot/members", f"/contacts/{ANN}/behaviours"):
        assert (await client.get(path)).status_code == 401


async def test_the_description_names_every_route_once(client):
    description = (await client.get("/openapi.json")).json()
    assert {"/segments/{key}", "/segments/{key}/members", "/contacts/{contact_id}/segments"} <= set(
        description["paths"]
    )


async def test_a_list_of_segments_tells_how_many_are_in_each(client, define, hear, database):
    await define("canada", CANADA)
    await define("empty", {**CANADA, "value": "XX"})
    for number in range(1, 4):
        await hear(changed(UUID(int=number), country="CA"))
    await hear(changed(ANN, revision=2, country="US"))
    shown = {item["key"]: item["members"] for item in (await client.get("/segments")).json()["items"]}
    assert shown == {"canada": 2, "empty": 0}
    await counting.fold(database, NOON)
    assert (await client.get("/segments/canada")).json()["members"] == 2


async def test_counts_are_folded_when_many_have_gathered(database, define, hear, monkeypatch):
    async def due():
        async with database.transaction() as tx:
            return await tx.scalar(tallies.seconds_until_due())

    await define("canada", CANADA)
    monkeypatch.setattr(tallies, "FOLD_FROM", 2)
    for _ in range(4):
        assert await due() is None
        await hear(changed(uuid4(), country="CA"))
    assert await due() == 0
    await counting.fold(database, NOON)
    assert await due() is None


async def test_a_contact_put_in_by_hand_stays_until_left_to_the_rules(client, define, hear, said, members):
    await define("canada", CANADA)
    await hear(changed(ANN, country="US"))
    put = await client.put(f"/segments/canada/members/{ANN}")
    assert (put.status_code, put.json()["member"], put.json()["by_hand"]) == (200, True, True)
    [entered] = await said()
    assert (entered.type, entered.subject) == ("segments.contact_entered.v1", ANN)
    await hear(changed(ANN, revision=2, country="FR"))
    assert await members() == {(ANN, "canada")}
    [listed] = (await client.get(f"/contacts/{ANN}/segments")).json()["items"]
    assert listed["by_hand"] is True
    left = await client.post(f"/segments/canada/members/{ANN}/by-rules")
    assert (left.json()["member"], left.json()["by_hand"]) == (False, False)
    assert await members() == set()


async def test_a_contact_taken_out_by_hand_stays_out(client, define, hear, members):
    await define("canada", CANADA)
    await hear(changed(ANN, country="CA"), merged(BOB, ANN))
    taken = (await client.delete(f"/segments/canada/members/{BOB}")).json()
    assert (taken["contact_id"], taken["member"], taken["by_hand"]) == (str(ANN), False, True)
    await hear(changed(ANN, revision=12, country="CA", plan="pro"))
    await define("canada", {**CANADA, "operator": "starts_with"})
    assert await members() == set()
    await client.post(f"/segments/canada/members/{ANN}/by-rules")
    assert await members() == {(ANN, "canada")}


async def test_nobody_is_put_where_nothing_is(client, define):
    await define("canada", CANADA)
    assert (await client.put(f"/segments/nowhere/members/{ANN}")).status_code == 404
    assert (await client.put(f"/segments/canada/members/{uuid4()}")).status_code == 404
    assert (await client.put("/segments/canada/members/ann")).status_code == 422


async def test_what_a_contact_did_is_shown_the_newest_first_by_pages(client, hear):
    await hear(viewed(ANN, "/a", url="http://x/a"), submitted(ANN, minute=1), opened(ANN, minute=2))
    await hear(clicked(ANN, "http://y", minute=3, campaign="hot"), tracked(ANN, "Paid", minute=4))
    await hear(viewed(BOB, "/b", minute=-5), merged(BOB, ANN))
    shown, cursor = [], {}
    while True:
        page = (await client.get(f"/contacts/{BOB}/behaviours", params={"limit": 4, **cursor})).json()
        shown += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert [(item["behaviour"], item["about"]) for item in shown] == [
        ("event_tracked", {"name": "Paid"}),
        ("link_clicked", {"url": "http://y", "template": "welcome", "campaign": "hot"}),
        ("email_opened", {"template": "welcome", "campaign": None}),
        ("form_submitted", {"form": "webinar"}),
        ("page_viewed", {"path": "/a", "url": "http://x/a", "title": None}),
        ("page_viewed", {"path": "/b", "url": None, "title": None}),
    ]
    assert (await client.get(f"/contacts/{uuid4()}/behaviours")).json()["items"] == []
    assert (await client.get(f"/contacts/{ANN}/behaviours", params={"cursor": "x"})).status_code == 422


async def test_a_preview_counts_whom_rules_would_hold_for(client, hear):
    ids = [UUID(int=number) for number in range(1, 31)]
    await hear(*(changed(id_, country="CA" if id_.int <= 12 else "US") for id_ in ids), merged(CAT, BOB))
    rules = document(CANADA)["rules"]
    found = (await client.post("/segments/preview", json={"rules": rules})).json()
    assert (found["count"], found["total"], found["exact"]) == (11, 29, True)
    assert len(found["sample"]) == 10
    assert set(found["sample"]) <= {str(id_) for id_ in ids[:12]}


async def test_a_preview_that_would_take_long_is_estimated(client, hear, database, monkeypatch):
    await hear(*(changed(UUID(int=number), country="CA") for number in range(1, 31)))
    async with database.transaction() as tx:
        await tx.execute(text("ANALYZE segments.contacts"))

    async def too_slow(tx, *_):
        async with previews._within(tx, 0.01):
            await tx.execute(text("SELECT pg_sleep(5)"))

    monkeypatch.setattr(previews, "count", too_slow)
    rules = document(CANADA)["rules"]
    found = (await client.post("/segments/preview", json={"rules": rules})).json()
    assert (found["count"], found["total"], found["exact"]) == (30, 30, False)
    monkeypatch.setattr(previews, "estimate", too_slow)
    answer = await client.post("/segments/preview", json={"rules": rules})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "takes-too-long")


@pytest.mark.parametrize("body", [{}, {"rules": None}, {"rules": {"match": "all", "rules": []}}, [], 7])
async def test_a_preview_of_what_are_no_rules_is_refused(client, body):
    answer = await client.post("/segments/preview", json=body)
    assert (answer.status_code, bool(answer.json()["fields"])) == (422, True)
