"""People define what earns points, and look at who has earned what, over HTTP."""

from uuid import uuid4

import pytest

from services.points.tests.conftest import ANN, BLOG, BOB, PRICING, merged, viewed

NEW = {"If-None-Match": "*"}


async def test_an_action_is_created_read_and_replaced(client):
    put = await client.put("/actions/pricing", json=PRICING, headers=NEW)
    assert (put.status_code, put.headers["ETag"]) == (201, '"1"')
    assert (put.json()["document"], put.json()["active"]) == (PRICING, True)
    got = await client.get("/actions/pricing")
    assert (got.status_code, got.headers["ETag"], got.json()) == (200, '"1"', put.json())
    resting = {**PRICING, "active": False}
    again = await client.put("/actions/pricing", json=resting, headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()["revision"], again.json()["active"]) == (200, 2, False)
    same = await client.put("/actions/pricing", json=resting, headers={"If-Match": '"2"'})
    assert (same.status_code, same.json()["revision"]) == (200, 2)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 428, id="no word of what is there"),
        pytest.param({"If-Match": '"2"'}, 412, id="another revision"),
        pytest.param(NEW, 412, id="it exists"),
    ],
)
async def test_a_change_says_what_it_changes(client, headers, status):
    await client.put("/actions/pricing", json=PRICING, headers=NEW)
    assert (await client.put("/actions/pricing", json=BLOG, headers=headers)).status_code == status


async def test_what_is_wrong_is_said_with_its_place(client):
    answer = await client.put("/actions/x", json={**PRICING, "delta": 0, "path": ""}, headers=NEW)
    assert answer.status_code == 422
    assert answer.json()["fields"].keys() == {"/delta", "/path"}
    assert (await client.get("/actions/x")).status_code == 404


async def test_all_actions_are_listed_by_pages(client):
    for key in ("a", "b", "c"):
        await client.put(f"/actions/{key}", json=PRICING, headers=NEW)
    first = (await client.get("/actions", params={"limit": 2})).json()
    assert [item["key"] for item in first["items"]] == ["a", "b"]
    rest = (await client.get("/actions", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert ([item["key"] for item in rest["items"]], rest["next_cursor"]) == (["c"], None)


async def test_a_score_is_shown_with_what_it_comes_from(client, define, hear):
    await define("pricing", PRICING)
    await define("blog", BLOG)
    await hear(*(viewed(ANN, path, minute) for minute, path in enumerate(["/pricing", "/blog/1", "/blog/2"])))
    await hear(merged(ANN, BOB, minute=5))
    for id_ in (ANN, BOB):
        shown = (await client.get(f"/contacts/{id_}/score")).json()
        assert (shown["contact_id"], shown["score"]) == (str(BOB), 14)
        first = (await client.get(f"/contacts/{id_}/ledger", params={"limit": 2})).json()
        assert [(item["action"], item["delta"]) for item in first["items"]] == [("blog", 2), ("blog", 2)]
        after = {"cursor": first["next_cursor"]}
        rest = (await client.get(f"/contacts/{id_}/ledger", params=after)).json()
        assert [(item["action"], item["delta"]) for item in rest["items"]] == [("pricing", 10)]


async def test_who_has_earned_nothing_has_no_points(client):
    shown = (await client.get(f"/contacts/{uuid4()}/score")).json()
    assert (shown["score"], shown["revision"]) == (0, 0)


async def test_who_has_no_key_sees_nothing(client):
    del client.headers["Authorization"]
    for path in ("/actions", "/actions/x", f"/contacts/{ANN}/score", f"/contacts/{ANN}/ledger"):
        assert (await client.get(path)).status_code == 401
