"""Every address that SDKs post to, what it takes, and what is known around it."""

import json
from datetime import timedelta

import pytest
from canvass_tracking.ingest.routes import PIXELS, ROUTES

from .conftest import KEY, NOON, SECRET_KEY, types
from .test_edge import BASIC, SUCCESS, batch, event, post

BROWSER = BASIC | {"origin": "https://www.example.com"}


async def posted(client, path, headers=BASIC, **content):
    answer = await post(client, json.dumps({"anonymousId": "a", **content}), path, headers)
    assert (answer.status_code, answer.json()) == (200, SUCCESS)


@pytest.mark.parametrize("path", ["/v1/screen", "/v1/s"])
async def test_a_screen_is_a_page_that_goes_by_its_name(client, said, path):
    await posted(client, path, name="Checkout", properties={"step": 2})
    (viewed,) = await said()
    assert types([viewed]) == ["page_viewed"]
    assert (viewed.data.path, viewed.data.title) == ("Checkout", "Checkout")
    assert viewed.data.properties == {"name": "Checkout", "step": 2}


@pytest.mark.parametrize("path", ["/v1/group", "/v1/g"])
async def test_a_group_is_known_of_its_contact(client, said, path):
    await posted(client, path, userId="u", groupId="acme", traits={"name": "Acme", "plan": "team"})
    (changed,) = await said()
    group = {"id": "acme", "name": "Acme", "plan": "team"}
    assert changed.data.attributes == {"group_id": "acme", "group": group}


async def test_a_contact_never_has_half_of_two_groups(client, said):
    await posted(client, "/v1/group", userId="u", groupId=7, traits={"name": "Acme"})
    await posted(client, "/v1/group", userId="u", groupId="other", traits={"plan": "free"})
    (changed,) = await said()
    assert changed.data.attributes == {"group_id": "7", "group": {"id": "7", "name": "Acme"}}
    await posted(client, "/v1/group", {}, writeKey=SECRET_KEY, userId="u", groupId="other")
    (changed,) = await said()
    assert changed.data.attributes == {"group_id": "other", "group": {"id": "other"}}


@pytest.mark.parametrize("path", ["/v1/alias", "/v1/a"])
async def test_an_alias_joins_a_browser_and_a_user(client, said, path):
    await posted(client, "/v1/page", anonymousId="b", properties={"path": "/"})
    await posted(client, path, anonymousId=None, userId="ada", previousId="b")
    viewed, changed = await said()
    assert (changed.data.user_id, changed.subject) == ("ada", viewed.subject)


async def test_what_is_done_by_a_former_user_id_is_done_by_the_person(client, said):
    await posted(client, "/v1/identify", userId="old", traits={"plan": "pro"})
    await posted(
        client, "/v1/alias", {}, writeKey=SECRET_KEY, anonymousId=None, userId="new", previousId="old"
    )
    await posted(client, "/v1/track", anonymousId=None, userId="old", event="Bought")
    await posted(client, "/v1/track", anonymousId="phone", userId="old", event="Bought")
    *changes, first, second = await said()
    assert {fact.subject for fact in [*changes, first, second]} == {first.subject}
    assert changes[-1].data.user_id == "new"
    assert types([first, second]) == ["event_tracked", "event_tracked"]


async def test_a_public_key_joins_no_two_users(client, said):
    for user_id in ("ada", "bob"):
        await posted(client, "/v1/identify", anonymousId=None, userId=user_id)
    await posted(client, "/v1/alias", anonymousId=None, userId="ada", previousId="bob")
    assert "contact_merged" not in types(await said())


async def test_a_merge_tells_the_address_of_a_contact(client, said):
    merged = [{"type": "email", "value": "ann@example.com"}, {"type": "cookie", "value": "?"}, 7]
    await posted(client, "/v1/merge", userId="u", mergeProperties=merged)
    (changed,) = await said()
    assert (changed.data.user_id, changed.data.email) == ("u", "ann@example.com")


async def test_traits_may_stand_in_the_context(client, said):
    around = {"traits": {"email": "ann@example.com", "plan": "free"}}
    await posted(client, "/v1/identify", userId="u", traits={"plan": "pro"}, context=around)
    await posted(client, "/v1/track", userId="u", event="e", context={"traits": {"city": "Rome"}})
    changed, _ = await said()
    assert (changed.data.email, changed.data.attributes) == ("ann@example.com", {"plan": "pro"})


async def test_a_batch_may_hold_all_of_them(client, said):
    events = [
        event(1, type="screen", name="Home"),
        event(2, type="group", groupId="g"),
        event(3, type="alias", userId="u", previousId="a"),
        event(4, type="merge", mergeProperties=[]),
        event(5),
    ]
    assert (await post(client, batch(*events))).json() == SUCCESS
    assert sorted(types(await said())) == ["contact_changed", "event_tracked", "page_viewed"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/v1/screen", {}),
        ("/v1/group", {"traits": {"name": "Acme"}}),
        ("/v1/group", {"groupId": ["g"]}),
        ("/v1/alias", {"userId": "u"}),
        ("/v1/alias", {"previousId": "a"}),
        ("/v1/merge", {}),
        ("/v1/merge", {"mergeProperties": {"email": "ann@example.com"}}),
    ],
)
async def test_what_an_event_lacks_is_told(client, path, content):
    answer = await post(client, json.dumps({"anonymousId": "a", **content}), path)
    assert (answer.status_code, answer.json().keys()) == (400, {"code", "message"})


async def test_history_counts_and_starts_nothing(client, said):
    now = NOON.isoformat()
    assert (await post(client, batch(event(timestamp=now)), "/v1/import")).json() == SUCCESS
    assert types(await said("bulk")) == ["event_tracked"]


async def test_a_beacon_says_its_key_in_the_address_alone(client, said):
    headers = {"content-type": "text/plain;charset=UTF-8", "origin": "https://www.example.com"}
    answer = await post(client, batch(event()), f"/beacon/v1/batch?writeKey={KEY}", headers)
    assert (answer.status_code, answer.json()) == (200, SUCCESS)
    assert len(await said()) == 1


@pytest.mark.parametrize("path", ["/v1/m", "/rsaMetrics", "/rsaRequest"])
async def test_what_sdks_tell_of_themselves_is_taken_and_forgotten(client, said, path):
    answer = await post(client, '{"series":[{"type":"Counter"}]}', path, {"content-type": "text/plain"})
    assert (answer.status_code, answer.json()) == (200, SUCCESS)
    assert (await post(client, "x" * 600_000, path, {})).status_code == 413
    assert await said() == []


async def test_a_browsers_request_tells_its_address(client, said):
    await posted(client, "/v1/track", BROWSER, event="e")
    await posted(client, "/v1/track", event="e")
    await posted(client, "/v1/track", event="e", context={"direct": True})
    browser, server, device = await said()
    assert browser.data.context.ip == device.data.context.ip == "127.0.0.1"
    assert server.data.context is None


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("0.0.0.0/0", "127.0.0.1"),
        ("x" * 1000, "127.0.0.1"),
        (7, "127.0.0.1"),
        (None, "127.0.0.1"),
    ],
)
async def test_an_address_that_is_stated_counts_if_it_is_one(client, said, stated, kept):
    await posted(client, "/v1/track", BROWSER, event="e", context={"ip": stated})
    (tracked,) = await said()
    assert tracked.data.context.ip == kept


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({"sec-gpc": "1"}, {"gpc": True, "dnt": False}),
        ({"dnt": "1"}, {"gpc": False, "dnt": True}),
        ({"dnt": "1", "sec-gpc": "1"}, {"gpc": True, "dnt": True}),
        ({"dnt": "0"}, None),
        ({}, None),
    ],
)
async def test_what_a_browser_asks_for_is_kept_with_what_was_done(client, said, headers, asked):
    await posted(client, "/v1/page", BROWSER | headers, properties={"path": "/"})
    (viewed,) = await said()
    privacy = viewed.data.context.privacy
    assert (privacy and privacy.model_dump()) == asked


async def test_the_context_of_a_batch_is_below_that_of_its_events(client, said):
    shared = {"ip": "203.0.113.7", "page": {"path": "/shared"}}
    own = {"ip": "203.0.113.8"}
    content = batch(
        event(1, type="page"),
        event(2, type="page", context=own),
        context=shared,
        integrations={"All": False},
    )
    assert (await post(client, content)).json() == SUCCESS
    told = [(fact.data.path, fact.data.context.ip) for fact in await said()]
    assert told == [("/shared", "203.0.113.7"), ("/shared", "203.0.113.8")]


async def test_the_time_of_sending_may_be_in_a_header(client, said):
    wrong = NOON + timedelta(days=400)
    stamp = (wrong - timedelta(seconds=90)).isoformat()
    headers = BROWSER | {"sentat": wrong.isoformat(), "anonymousid": "YQ=="}
    await posted(client, "/v1/track", headers, event="e", originalTimestamp=stamp)
    (tracked,) = await said()
    assert tracked.time == NOON - timedelta(seconds=90)


OTHERS = [
    "/v1/projects/wk/settings",
    "/sourceConfig/",
    "/analytics.js/v1/wk/analytics.min.js",
    "/analytics-next/bundles/auto-track.bundle.js",
]


@pytest.mark.parametrize("path", [*ROUTES, *PIXELS, *OTHERS])
async def test_a_browser_may_call_whatever_there_is(client, path):
    asking = {
        "origin": "https://example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": "anonymousid,authorization,sentat",
    }
    answer = await client.options(path, headers=asking)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "anonymousid,authorization,sentat"
    assert answer.headers["access-control-expose-headers"] == "retry-after"
    assert answer.headers["access-control-max-age"] == "86400"


@pytest.mark.parametrize("path", [*ROUTES, *PIXELS, *OTHERS])
async def test_another_method_is_refused_with_those_that_are_allowed(client, path):
    answer = await client.put(path, content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "OPTIONS" in answer.headers["allow"]
