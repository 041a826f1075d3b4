"""Events that are told by asking for an image."""

import contextlib
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import urlencode

import pytest
from canvass_tracking.ingest import group_commit
from canvass_tracking.ingest.limits import Refused
from canvass_tracking.ingest.query import event_of
from hypothesis import given
from hypothesis import strategies as st

from .conftest import KEY, types

READ = {"writeKey": KEY, "anonymousId": "a", "event": "Read", "properties": {"issue": 7, "ß": "é?>~"}}


def data_of(event, encode=urlsafe_b64encode):
    return {"data": encode(json.dumps(event).encode()).decode()}


async def got(client, path, told, **headers):
    answer = await client.get(f"{path}?{told if isinstance(told, str) else urlencode(told)}", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/gif"
    assert answer.headers["cache-control"] == "private, no-cache, no-store, proxy-revalidate"
    assert (answer.headers["pragma"], answer.headers["expires"][-13:]) == (
        "no-cache",
        "1970 00:00:00 GMT"[-13:],
    )
    assert len(answer.content) == int(answer.headers["content-length"]) == 43
    assert answer.content.startswith(b"GIF89a\x01\x00\x01\x00")


@pytest.mark.parametrize("encode", [urlsafe_b64encode, b64encode])
@pytest.mark.parametrize("path", ["/v1/pixel/track", "/pixel/v1/track"])
async def test_an_event_may_be_json_in_base64(client, said, path, encode):
    await got(client, path, data_of(READ, encode))
    (tracked,) = await said()
    assert (tracked.data.name, tracked.data.properties) == ("Read", READ["properties"])
    assert tracked.data.context.ip == "127.0.0.1"


async def test_padding_may_be_missing_and_plus_become_a_space(client, said):
    encoded = data_of(READ, b64encode)["data"]
    await got(client, "/v1/pixel/track", f"data={encoded.rstrip('=').replace('%', '')}")
    assert len(await said()) == 1


@pytest.mark.parametrize("path", ["/v1/pixel/page", "/pixel/v1/page"])
async def test_an_event_may_be_told_by_parameters(client, said, path):
    told = {
        "writeKey": KEY,
        "userId": "u",
        "name": "Pricing",
        "properties.path": "/pricing",
        "properties.offer.name": "spring & autumn",
        "context.page.title": "Prix, é",
    }
    await got(client, path, told, **{"sec-gpc": "1"})
    viewed = (await said())[-1]
    assert (viewed.data.path, viewed.data.title) == ("/pricing", "Prix, é")
    assert viewed.data.properties == {"name": "Pricing", "offer": {"name": "spring & autumn"}}
    assert viewed.data.context.privacy.gpc


@pytest.mark.parametrize(
    ("kind", "told", "heard"),
    [
        ("identify", {"userId": "u", "traits.email": "ann@example.com"}, "contact_changed"),
        ("screen", {"userId": "u", "name": "Home"}, "page_viewed"),
        ("group", {"userId": "u", "groupId": "acme"}, "contact_changed"),
        ("alias", {"userId": "u", "previousId": "a"}, "contact_changed"),
    ],
)
async def test_every_kind_has_its_image(client, said, kind, told, heard):
    await got(client, f"/v1/pixel/{kind}", {"writeKey": KEY, **told})
    assert heard in types(await said())


@pytest.mark.parametrize(
    "told",
    [
        "",
        "data=",
        "data=%%%",
        "data=e30",
        "data=8J+SqQ",
        "data=" + "e" * 60_000,
        "&".join(f"a{n}=1" for n in range(2000)),
        urlencode({"event": "Read", "anonymousId": "a"}),
        urlencode({"event": "Read", "anonymousId": "a", "writeKey": "wk_wrong"}),
        urlencode({"writeKey": KEY, "event": "Read"}),
        urlencode({"writeKey": KEY, "anonymousId": "a"}),
        urlencode({"writeKey": KEY, "anonymousId": "a", "event": "\0"}),
        urlencode({"writeKey": KEY, "anonymousId": "a", "event": "e", "properties": "none"}),
        urlencode({"writeKey": KEY, "anonymousId": "a", "event": "e", "properties." + "x." * 500: "deep"}),
        "writeKey=%ff&event=%ed%a0%80",
        "event=\xff",
    ],
)
async def test_an_image_is_an_image_whatever_is_wrong(client, said, told):
    await got(client, "/v1/pixel/track", told)
    assert await said() == []


async def test_an_image_is_an_image_when_nothing_can_be_kept(client, database, said, monkeypatch):
    monkeypatch.setattr(group_commit, "GIVE_UP_SECONDS", 0.05)
    await got(client, "/v1/pixel/track", data_of(READ))
    with monkeypatch.context() as patched:

        def away(*_, **__):
            raise ConnectionError

        patched.setattr(type(database), "transaction", away)
        await got(client, "/v1/pixel/track", data_of(READ))
        patched.setattr(group_commit, "MAX_WAITING_EVENTS", 0)
        await got(client, "/v1/pixel/track", data_of(READ))
    assert len(await said()) == 1


async def test_an_image_that_is_shown_to_nobody_tells_nothing(client, said):
    answer = await client.head(f"/v1/pixel/track?{urlencode(data_of(READ))}")
    assert (answer.status_code, answer.headers["content-length"]) == (200, "43")
    assert await said() == []


@given(st.binary(max_size=200) | st.just(b"data=" + b"e" * 70_000))
def test_whatever_is_asked_becomes_an_event_or_is_refused(query):
    with contextlib.suppress(Refused):
        assert isinstance(event_of(query), bytes)
