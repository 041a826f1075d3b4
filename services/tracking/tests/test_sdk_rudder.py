"""RudderStack's own Python SDK, unchanged, over real HTTP."""

import asyncio
import warnings

import pytest

from .conftest import KEY, types

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from rudderstack.analytics.client import Client
    from rudderstack.analytics.request import APIError, post


@pytest.fixture
def client(address):
    failures = []
    client = Client(
        KEY, host=address, upload_interval=0.05, on_error=lambda *failure: failures.append(failure)
    )
    yield client
    client.join()
    assert failures == []


async def told(client) -> None:
    await asyncio.to_thread(client.flush)


async def test_what_the_sdk_tells_is_known_and_said(client, said):
    client.page(anonymous_id="a", name="Pricing", properties={"path": "/pricing", "title": "Prix, é"})
    client.screen(anonymous_id="a", name="Checkout")
    client.identify(user_id="u", anonymous_id="a", traits={"email": "Ann@Example.com", "country": "CA"})
    client.group(user_id="u", group_id="acme", traits={"name": "Acme"})
    client.alias(previous_id="before", user_id="u")
    client.track(user_id="u", event="Bought", properties={"total": 12.5})
    await told(client)
    facts = await said()
    assert sorted(types(facts)) == ["contact_changed"] * (len(facts) - 3) + [
        "event_tracked",
        "page_viewed",
        "page_viewed",
    ]
    assert len({fact.subject for fact in facts}) == 1
    changed = [fact for fact in facts if fact.type == "tracking.contact_changed.v1"][-1]
    assert (changed.data.user_id, changed.data.email) == ("u", "ann@example.com")
    assert changed.data.attributes["group"] == {"id": "acme", "name": "Acme"}


async def test_hundreds_of_events_come_in_the_sdks_own_batches(client, said):
    for n in range(300):
        client.track(anonymous_id=f"a-{n % 50}", event="Counted", properties={"n": n})
    await told(client)
    assert sorted(fact.data.properties["n"] for fact in await said()) == list(range(300))


@pytest.mark.parametrize("gzip", [False, True])
async def test_the_sdk_understands_what_is_refused(address, gzip):
    def sent(key=KEY, **body):
        with pytest.raises(APIError) as refused:
            post(key, host=address, gzip=gzip, **body)
        return refused.value.status, refused.value.code

    large = {"type": "track", "event": "e", "anonymousId": "a", "properties": {"x": "y" * 600_000}}
    asked = [
        ({"key": "wk_wrong", "batch": []}, (401, "invalid_write_key")),
        ({"batch": [{"type": "track"}]}, (400, "invalid_event")),
        ({"batch": [large]}, (413, "request_too_large")),
    ]
    for body, answer in asked:
        assert await asyncio.to_thread(sent, **body) == answer
