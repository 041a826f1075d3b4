"""Whose word overwrites what is known: secret keys, and user ids that a customer's server has signed."""

from datetime import timedelta

import pytest
from canvass_runtime.tokens import create_keys, issue
from canvass_tracking.domain.model import Identity
from canvass_tracking.domain.trust import is_signed, signature
from canvass_tracking.store import contacts

from .conftest import KEY


@pytest.fixture
def find(database):
    async def find(kind, value):
        async with database.transaction() as tx:
            return await contacts.find(tx, Identity(kind, value))

    return find


@pytest.fixture
async def secret(api):
    sources = (await api.get("/sources")).json()["items"]
    return next(one["secret"] for one in sources if one["key"] == "website")


@pytest.fixture
async def identify(client):
    async def identify(user_id, traits, **more):
        event = {"userId": user_id, "traits": traits, "writeKey": KEY, **more}
        answer = await client.post("/v1/identify", json=event, headers={"authorization": ""})
        assert answer.status_code == 200, answer.text

    return identify


def test_a_signature_is_what_every_language_makes():
    """As `printf ann | openssl dgst -sha256 -hmac secret` says."""
    made = signature("secret", "ann")
    assert made == "aad4e6199b77de3305e568999486a8be43b4cbc7d6299ff32eacded10d1a126b"
    assert is_signed("secret", "ann", made)
    assert is_signed("secret", "ann", made.upper())


@pytest.mark.parametrize("claimed", [None, "", "x", "é" * 64, 7, ["a"], "0" * 64])
def test_what_is_no_signature(claimed):
    assert not is_signed("secret", "ann", claimed)
    assert not is_signed("secret", None, signature("secret", ""))


@pytest.mark.parametrize("where", ["context", "traits"])
async def test_a_signed_user_id_is_trusted(identify, secret, find, where):
    await identify("ann", {"email": "old@example.com", "phone": "+14165550123", "plan": "free"})
    told = {"email": "new@example.com", "phone": "+493090182000", "plan": "pro"}
    signed = signature(secret, "ann")
    if where == "context":
        await identify("ann", told, context={"userHash": signed})
    else:
        await identify("ann", told | {"user_hash": signed})
    ann = await find("user_id", "ann")
    assert (ann.email, ann.phone) == ("new@example.com", "+493090182000")
    assert ann.attributes == {"plan": "pro"}


async def test_a_batch_may_be_signed_as_a_whole_for_one_user(client, secret, find, identify):
    await identify("ann", {"plan": "free"})
    await identify("bob", {"plan": "free"})
    events = [{"type": "identify", "userId": who, "traits": {"plan": "pro"}} for who in ("ann", "bob")]
    context = {"userHash": signature(secret, "ann")}
    batch = {"batch": events, "context": context, "writeKey": KEY}
    await client.post("/v1/batch", json=batch, headers={"authorization": ""})
    assert (await find("user_id", "ann")).attributes == {"plan": "pro"}
    assert (await find("user_id", "bob")).attributes == {"plan": "free"}


async def test_a_wrong_signature_is_none(identify, secret, find):
    await identify("ann", {"email": "ann@example.com", "phone": "+14165550123"})
    for claimed in (signature(secret, "bob"), signature("wrong", "ann"), "x", 7):
        told = {"email": "evil@example.com", "phone": "+493090182000", "user_hash": claimed}
        await identify("ann", told, context={"userHash": claimed})
    ann = await find("user_id", "ann")
    assert (ann.email, ann.phone, ann.attributes) == ("ann@example.com", "+14165550123", {})
    assert await find("email", "evil@example.com") is None


async def test_a_public_key_merges_no_two_who_are_known_and_a_signed_user_id_does(identify, secret, find):
    await identify("ann", {})
    await identify(None, {"email": "ann@example.com"}, anonymousId="a")
    both = {"email": "ann@example.com"}
    await identify("ann", both)
    assert (await find("user_id", "ann")).id != (await find("email", "ann@example.com")).id
    await identify("ann", both, context={"userHash": signature(secret, "ann")})
    assert (await find("user_id", "ann")).id == (await find("email", "ann@example.com")).id


async def test_a_source_says_of_which_country_its_numbers_are(api, identify, find):
    document = {"name": "Website", "phone_region": "CA"}
    assert (await api.put("/sources/website", json=document)).status_code == 200
    await identify("ann", {"phone": "(416) 555-0123"})
    assert (await find("user_id", "ann")).phone == "+14165550123"
    assert (await api.put("/sources/x", json=document | {"phone_region": "XX"})).status_code == 422


async def test_a_secret_is_shown_to_who_may_change_sources(api, client, settings):
    made = (await api.put("/sources/shop", json={"name": "Shop"})).json()
    assert len(made["secret"]) == 64
    again = (await api.put("/sources/shop", json={"name": "The shop"})).json()
    assert again["secret"] == made["secret"]
    reader = issue(create_keys(settings.keys_dir), ["sources:read"], timedelta(hours=1), "tests")
    shown = await client.get("/sources", headers={"authorization": f"Bearer {reader}"})
    assert {one["secret"] for one in shown.json()["items"]} == {None}
