"""Segment's own Python SDK, unchanged, over real HTTP."""

import asyncio
import warnings
from datetime import timedelta

import pytest
from canvass_tracking.ingest import group_commit
from canvass_tracking.ingest.limits import Refused
from sqlalchemy import text

from .conftest import KEY, NOON

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from segment.analytics.client import Client
    from segment.analytics.request import APIError, post


@pytest.fixture
def sdk(address):
    """A maker of SDK clients; whatever they could not deliver fails the test."""
    clients, failures = [], []

    def make(key=KEY, **options) -> Client:
        options = {
            "host": address,
            "upload_interval": 0.05,
            "on_error": lambda *failure: failures.append(failure),
        } | options
        client = Client(key, **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.join()
    assert failures == []


async def told(client: Client) -> None:
    await asyncio.to_thread(client.flush)


@pytest.mark.parametrize("gzip", [False, True])
async def test_what_the_sdk_tells_is_known_and_said(sdk, said, gzip):
    client = sdk(gzip=gzip)
    client.page(
        anonymous_id="a",
        category="Docs",
        name="Pricing",
        properties={"path": "/pricing", "title": "Prix, é"},
    )
    client.track(user_id="u", anonymous_id="a", event="Bought", properties={"total": 12.5, "when": NOON})
    client.identify(user_id="u", anonymous_id="a", traits={"email": "Ann@Example.com", "country": "CA"})
    await told(client)
    facts = {fact.type.split(".")[1]: fact for fact in await said()}
    viewed, tracked = facts["page_viewed"], facts["event_tracked"]
    assert (viewed.data.path, viewed.data.title) == ("/pricing", "Prix, é")
    assert viewed.data.properties == {"name": "Pricing"}
    assert tracked.data.properties == {"total": 12.5, "when": "2026-12-01T12:00:00+00:00"}
    changed = facts["contact_changed"]
    assert (changed.data.user_id, changed.data.email) == ("u", "ann@example.com")
    assert changed.data.attributes == {"country": "CA"}
    assert len({fact.subject for fact in facts.values()}) == 1


async def test_a_thousand_events_come_in_the_sdks_own_batches(sdk, said):
    client = sdk(gzip=True)
    for n in range(1000):
        client.track(anonymous_id=f"a-{n % 50}", event="Counted", properties={"n": n})
    await told(client)
    facts = await said()
    assert sorted(fact.data.properties["n"] for fact in facts) == list(range(1000))
    assert len({fact.subject for fact in facts}) == 50


async def test_an_event_has_the_time_of_its_sender_set_right_by_the_time_of_sending(sdk, said, clock):
    client = sdk()
    client.track(anonymous_id="a", event="Now")
    await told(client)
    (fact,) = await said()
    assert timedelta() <= clock.now() - fact.time < timedelta(minutes=1)


async def test_a_number_may_be_a_user_id(sdk, said):
    client = sdk()
    client.identify(user_id=42, traits={"plan": "pro"})
    await told(client)
    assert [fact.data.user_id for fact in await said()] == ["42"]


async def test_the_sdk_sends_again_what_was_not_kept(sdk, said, database, monkeypatch):
    """A database that is away for a moment loses and doubles nothing."""
    monkeypatch.setattr(group_commit, "GIVE_UP_SECONDS", 0.05)
    at_once = Refused(503, "unavailable", "The SDK's own first pause is none.")
    monkeypatch.setattr(group_commit, "unavailable", lambda: at_once)
    transaction, failures = type(database).transaction, iter([ConnectionError] * 6)

    def sometimes(self, *arguments, **options):
        if failure := next(failures, None):
            raise failure
        return transaction(self, *arguments, **options)

    client = sdk()
    client.track(anonymous_id="a", event="First")
    await told(client)
    monkeypatch.setattr(type(database), "transaction", sometimes)
    client.track(anonymous_id="a", event="Second")
    await told(client)
    assert [fact.data.name for fact in await said()] == ["First", "Second"]


@pytest.mark.parametrize("gzip", [False, True])
async def test_the_sdk_understands_what_is_refused(address, database, gzip):
    def sent(key=KEY, **body):
        try:
            return post(key, host=address, gzip=gzip, **body).status_code
        except APIError as error:
            return error.status, error.code

    good = {"type": "track", "event": "e", "anonymousId": "a", "messageId": "m"}
    asked = [
        ({"key": "wk_wrong", "batch": [good]}, (401, "invalid_write_key")),
        ({"batch": [{"type": "track"}]}, (400, "invalid_event")),
        ({"batch": "none"}, (400, "invalid_json")),
        ({"batch": [good | {"properties": {"x": "y" * 600_000}}]}, (413, "request_too_large")),
        ({"batch": [good, {"type": "track"}]}, 200),
    ]
    for body, answer in asked:
        assert await asyncio.to_thread(sent, **body) == answer
    async with database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM tracking.messages")) == 1
