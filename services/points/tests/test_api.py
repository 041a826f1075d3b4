"""People define what earns points, and look at who has earned what, over HTTP."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from canvass_points.timers import timers
from canvass_runtime.tokens import issue
from jsonschema import Draft202012Validator

from services.points.tests.conftest import ANN, BLOG, BOB, HOT, PRICING, WEBINAR, merged, viewed

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


async def test_a_trigger_is_created_read_and_replaced(client):
    put = await client.put("/triggers/hot", json=HOT, headers=NEW)
    assert (put.status_code, put.headers["ETag"], put.json()["document"]) == (201, '"1"', HOT)
    got = await client.get("/triggers/hot")
    assert (got.status_code, got.headers["ETag"], got.json()) == (200, '"1"', put.json())
    again = await client.put("/triggers/hot", json={**HOT, "at": 50}, headers={"If-Match": '"1"'})
    assert (again.status_code, again.json()["revision"], again.json()["document"]["at"]) == (200, 2, 50)
    listed = (await client.get("/triggers")).json()
    assert [(item["key"], item["revision"]) for item in listed["items"]] == [("hot", 2)]


async def test_what_is_wrong_in_a_trigger_is_said_with_its_place(client):
    answer = await client.put("/triggers/x", json={**HOT, "at": 0, "do": [{"webhook": 5}]}, headers=NEW)
    assert (answer.status_code, answer.json()["fields"].keys()) == (422, {"/at", "/do/0/webhook"})
    assert (await client.get("/triggers/x")).status_code == 404


async def test_points_given_by_hand_are_in_the_ledger_with_the_reason(client, define, hear):
    await define("pricing", PRICING)
    await hear(viewed(ANN))
    given = await client.post(f"/contacts/{ANN}/adjustments", json={"delta": -4, "reason": " A mistake "})
    assert given.status_code == 201
    made = given.json()
    assert (made["contact_id"], made["delta"], made["score"], made["revision"]) == (str(ANN), -4, 6, 2)
    assert (made["reason"], made["adjusted_by"]) == ("A mistake", "tests")
    lines = (await client.get(f"/contacts/{ANN}/ledger")).json()["items"]
    by_hand = next(line for line in lines if line["kind"] == "adjustment")
    assert (by_hand["event_id"], by_hand["delta"], by_hand["action"]) == (made["id"], -4, None)
    assert (by_hand["reason"], by_hand["adjusted_by"]) == ("A mistake", "tests")
    earned = next(line for line in lines if line["kind"] == "action")
    assert (earned["action"], earned["reason"], earned["adjusted_by"]) == ("pricing", None, None)
    score = (await client.get(f"/contacts/{ANN}/score")).json()
    assert (score["score"], score["revision"]) == (6, 2)


async def test_an_adjustment_sent_twice_with_one_key_is_made_once(client, said):
    url, once = f"/contacts/{ANN}/adjustments", {"Idempotency-Key": "one"}
    first = await client.post(url, json={"delta": 5, "reason": "x"}, headers=once)
    again = await client.post(url, json={"delta": 5, "reason": "x"}, headers=once)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await client.post(url, json={"delta": 6, "reason": "x"}, headers=once)
    assert other.status_code == 422
    assert (await client.get(f"/contacts/{ANN}/score")).json()["score"] == 5
    assert len(await said()) == 1


async def test_an_adjustment_of_a_merged_contact_is_its_winners(client, hear):
    await hear(merged(ANN, BOB))
    given = await client.post(f"/contacts/{ANN}/adjustments", json={"delta": 5, "reason": "x"})
    assert (given.json()["contact_id"], given.json()["score"]) == (str(BOB), 5)


async def test_an_adjustment_may_cross_a_threshold(client, define, said):
    await define("hot", HOT)
    await client.post(f"/contacts/{ANN}/adjustments", json={"delta": 50, "reason": "Met at a fair"})
    assert [fact.type for fact in await said()] == [
        "points.membership_wanted.v1",
        "points.score_changed.v1",
        "points.threshold_crossed.v1",
    ]


async def test_adjustments_at_once_all_count(client):
    url = f"/contacts/{ANN}/adjustments"
    posts = [client.post(url, json={"delta": 1, "reason": "x"}) for _ in range(8)]
    assert {answer.status_code for answer in await asyncio.gather(*posts)} == {201}
    assert (await client.get(f"/contacts/{ANN}/score")).json()["score"] == 8


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"delta": 0, "reason": "x"}, "delta"),
        ({"delta": 1.5, "reason": "x"}, "delta"),
        ({"delta": True, "reason": "x"}, "delta"),
        ({"delta": 10**7, "reason": "x"}, "delta"),
        ({"delta": 1}, "reason"),
        ({"delta": 1, "reason": "  "}, "reason"),
        ({"delta": 1, "reason": "x" * 501}, "reason"),
        ({"delta": 1, "reason": "x", "at": "now"}, "at"),
        ({"delta": 1, "reason": "\0"}, None),
    ],
)
async def test_an_adjustment_that_makes_no_sense_is_refused(client, body, field):
    answer = await client.post(f"/contacts/{ANN}/adjustments", json=body)
    assert answer.status_code == 422
    assert field is None or field in answer.json()["fields"]


async def test_old_answers_are_forgotten(client, database, clock):
    url = f"/contacts/{ANN}/adjustments"
    await client.post(url, json={"delta": 1, "reason": "x"}, headers={"Idempotency-Key": "one"})
    [timer] = timers
    assert await timer.run(database, clock.now()) == 0
    async with database.transaction() as tx:
        assert 86_000 < await tx.scalar(timer.due(clock.now())) <= 86_401
    assert await timer.run(database, clock.turn(timedelta(days=1, minutes=1))) == 1


async def test_the_description_says_how_documents_are_written(client):
    description = (await client.get("/openapi.json")).json()
    put = description["paths"]["/triggers/{key}"]["put"]
    schema = put["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator(schema).validate(HOT)
    assert not Draft202012Validator(schema).is_valid({**HOT, "at": 0})
    put = description["paths"]["/actions/{key}"]["put"]
    schema = put["requestBody"]["content"]["application/json"]["schema"]
    for action in (PRICING, BLOG, WEBINAR):
        Draft202012Validator(schema).validate(action)
    assert not Draft202012Validator(schema).is_valid({**PRICING, "on": "flown"})
    adjusting = description["paths"]["/contacts/{contact_id}/adjustments"]["post"]
    assert "idempotency-key" in {one["name"] for one in adjusting["parameters"]}


async def test_who_may_only_read_changes_nothing(client, tmp_path):
    token = issue(next(tmp_path.glob("*.private.pem")), ["points:read"], timedelta(hours=1), "reader")
    client.headers["Authorization"] = f"Bearer {token}"
    assert (await client.put("/actions/x", json=PRICING, headers=NEW)).status_code == 403
    assert (await client.put("/triggers/x", json=HOT, headers=NEW)).status_code == 403
    adjusted = await client.post(f"/contacts/{ANN}/adjustments", json={"delta": 1, "reason": "x"})
    assert adjusted.status_code == 403


async def test_who_has_no_key_sees_nothing(client):
    del client.headers["Authorization"]
    for path in (
        "/actions",
        "/triggers",
        "/actions/x",
        "/triggers/x",
        f"/contacts/{ANN}/score",
        f"/contacts/{ANN}/ledger",
    ):
        assert (await client.get(path)).status_code == 401
