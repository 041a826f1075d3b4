"""People define segments and look at who belongs where, over HTTP."""

from uuid import UUID, uuid4

import pytest

from services.segments.tests.conftest import ANN, BOB, CANADA, PRICES_TWICE, changed, document, merged

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
    for path in ("/segments", "/segments/hot", "/segments/hot/members", f"/contacts/{ANN}/segments"):
        assert (await client.get(path)).status_code == 401


async def test_the_description_names_every_route_once(client):
    description = (await client.get("/openapi.json")).json()
    assert {"/segments/{key}", "/segments/{key}/members", "/contacts/{contact_id}/segments"} <= set(
        description["paths"]
    )
