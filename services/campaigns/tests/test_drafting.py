"""Whoever draws keeps what is not whole yet, sees what is missing, and moves things about."""

import pytest

from services.campaigns.tests.conftest import DOCUMENT, EMAIL

NEW = {"If-None-Match": "*"}
URL = "/campaigns/hot-leads"
UNFINISHED = DOCUMENT | {
    "sources": [{"segment": ""}],
    "steps": {"welcome": {"do": "send_email", "template": ""}},
}


async def test_an_unfinished_drawing_is_kept_when_asked_and_says_what_is_missing(client):
    answer = await client.put(f"{URL}?incomplete=true", json=UNFINISHED, headers=NEW)
    assert answer.status_code == 201
    read = (await client.get(URL)).json()
    assert read["document"] == UNFINISHED
    assert set(read["problems"]) == {"/sources/0/segment", "/steps/welcome/template"}


async def test_it_is_refused_when_not_asked(client):
    assert (await client.put(URL, json=UNFINISHED, headers=NEW)).status_code == 422


async def test_it_cannot_be_published(client):
    await client.put(f"{URL}?incomplete=true", json=UNFINISHED, headers=NEW)
    answer = await client.post(f"{URL}/publish")
    assert answer.status_code == 422
    assert "/steps/welcome/template" in answer.json()["fields"]


async def test_what_is_in_force_goes_on_while_the_next_version_is_unfinished(client):
    first = await client.put(URL, json=DOCUMENT, headers=NEW)
    await client.post(f"{URL}/publish")
    match = {"If-Match": first.headers["ETag"]}
    await client.put(f"{URL}?incomplete=true", json=UNFINISHED, headers=match)
    (listed,) = (await client.get("/campaigns")).json()["items"]
    assert (listed["status"], listed["sources"]) == ("published", ["segment "])
    assert (await client.get(f"{URL}/numbers")).json()["steps"][0]["step"] == "welcome"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name": ""}, "/name"),
        ({"sources": {}}, "/sources"),
        ({"steps": []}, "/steps"),
        ({"steps": {"a": 1}}, "/steps/a"),
        ({"sources": [1]}, "/sources/0"),
        ({"steps": {f"s{n}": {} for n in range(1001)}}, "/steps"),
        ({"elsewhere": 1}, ""),
    ],
)
async def test_what_has_not_even_the_outline_is_refused(client, wrong, where):
    answer = await client.put(f"{URL}?incomplete=true", json=UNFINISHED | wrong, headers=NEW)
    assert answer.status_code == 422
    assert where in answer.json()["fields"]


async def test_a_step_is_called_by_more_than_digits(client):
    answer = await client.put(URL, json=DOCUMENT | {"steps": {"1": EMAIL}}, headers=NEW)
    assert answer.json()["fields"] == {"/steps/1": "must be called by more than digits"}


async def test_where_things_stand_is_kept_apart_from_what_they_do(client):
    draft = await client.put(URL, json=DOCUMENT, headers=NEW)
    assert (await client.get(f"{URL}/layout")).json() == {"places": {}}
    places = {"places": {"step:welcome": {"x": 12.0, "y": -3.5}, "source:0": {"x": 0.0, "y": 0.0}}}
    assert (await client.put(f"{URL}/layout", json=places)).status_code == 200
    assert (await client.get(f"{URL}/layout")).json() == places
    assert (await client.get(URL)).headers["ETag"] == draft.headers["ETag"]


async def test_a_place_is_on_the_canvas(client):
    await client.put(URL, json=DOCUMENT, headers=NEW)
    answer = await client.put(f"{URL}/layout", json={"places": {"step:welcome": {"x": 1e9, "y": 0}}})
    assert answer.status_code == 422


async def test_a_layout_of_nothing_is_not_there(client):
    assert (await client.get("/campaigns/none/layout")).status_code == 404
