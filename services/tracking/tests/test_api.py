from uuid import uuid4

import pytest

from .conftest import KEY


async def post(api, **event):
    answer = await api.post("/v1/identify", json={**event, "writeKey": KEY}, headers={"authorization": ""})
    assert answer.json() == {"success": True}


async def test_a_source_is_made_with_a_write_key_that_it_keeps(api):
    made = (await api.put("/sources/shop", json={"name": "Shop"})).json()
    assert made["write_key"].startswith("wk_")
    assert (made["key"], made["name"], made["trusted"]) == ("shop", "Shop", False)
    changed = (await api.put("/sources/shop", json={"name": "The shop", "trusted": True})).json()
    assert changed == made | {"name": "The shop", "trusted": True}


async def test_sources_are_listed_in_pages(api):
    for key in ("a", "b", "c"):
        await api.put(f"/sources/{key}", json={"name": key.upper()})
    first = (await api.get("/sources", params={"limit": 3})).json()
    rest = (await api.get("/sources", params={"cursor": first["next_cursor"]})).json()
    assert [one["key"] for one in [*first["items"], *rest["items"]]] == ["a", "b", "c", "server", "website"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("document", [{}, {"name": ""}, {"name": "x", "write_key": "mine"}])
async def test_a_source_needs_a_name_and_nothing_unheard_of(api, document):
    assert (await api.put("/sources/shop", json=document)).status_code == 422


async def test_a_contact_is_found_by_what_it_goes_by(api):
    await post(api, userId="u", anonymousId="a", traits={"email": "Ann@Example.com", "country": "CA"})
    await post(api, userId="v", traits={"email": "bob@example.com"})
    (ann,) = (await api.get("/contacts", params={"user_id": "u"})).json()["items"]
    assert (ann["user_id"], ann["email"], ann["attributes"]) == ("u", "ann@example.com", {"country": "CA"})
    assert ann["identified_at"]
    assert (await api.get("/contacts", params={"email": "ANN@example.com"})).json()["items"] == [ann]
    both = {"user_id": "u", "email": "bob@example.com"}
    assert (await api.get("/contacts", params=both)).json()["items"] == []
    assert (await api.get("/contacts", params={"user_id": "nobody"})).json()["items"] == []
    assert (await api.get(f"/contacts/{ann['id']}")).json() == ann


async def test_who_was_merged_is_shown_as_who_lives(api):
    await api.post("/v1/page", json={"anonymousId": "a", "writeKey": KEY}, headers={"authorization": ""})
    (visitor,) = (await api.get("/contacts")).json()["items"]
    await post(api, userId="u")
    await post(api, userId="u", anonymousId="a")
    (ann,) = (await api.get("/contacts")).json()["items"]
    assert ann["user_id"] == "u"
    assert ann["id"] != visitor["id"]
    assert (await api.get(f"/contacts/{visitor['id']}")).json() == ann


async def test_contacts_are_listed_in_pages_the_oldest_first(api):
    for n in range(5):
        await post(api, userId=f"u-{n}")
    seen, cursor = [], None
    while True:
        page = (
            await api.get("/contacts", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [one["user_id"] for one in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert seen == [f"u-{n}" for n in range(5)]


async def test_nobody_is_not_found(api):
    assert (await api.get(f"/contacts/{uuid4()}")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/sources/x"),
        ("GET", "/sources"),
        ("GET", "/contacts"),
        ("GET", f"/contacts/{uuid4()}"),
        ("GET", "/parked"),
    ],
)
async def test_nothing_is_told_without_a_key(client, method, path):
    assert (await client.request(method, path, json={"name": "x"})).status_code == 401


async def test_the_description_names_every_route(api):
    described = (await api.get("/openapi.json")).json()["paths"]
    contacts = {"/contacts", "/contacts/{id}", "/contacts/{id}/tags", "/contacts/batch"}
    submitting = {"/forms/{key}/submit", "/forms/{key}/page", "/forms/confirm/{token}"}
    forms = {"/forms", "/forms/{key}", *submitting}
    assert {"/sources", "/sources/{key}", "/parked"} | contacts | forms <= described.keys()
    assert described["/contacts"]["post"]["security"]
    assert "security" not in described["/forms/{key}/submit"]["post"]
