"""Opens and clicks of messages, by links that we have signed."""

import asyncio
from uuid import UUID, uuid4

import httpx2
import pytest
from canvass_runtime.links import Links, Reaction
from canvass_tracking.domain.model import Identity
from canvass_tracking.ingest.edge import edge
from canvass_tracking.ingest.limits import unavailable
from canvass_tracking.store import contacts

from .conftest import KEY, types

EFFECT, JOURNEY = UUID(int=7), UUID(int=8)
URL = "https://example.com/a?b=c&d=é#f"


def reaction(contact_id) -> Reaction:
    return Reaction(EFFECT, contact_id, "email", "welcome", "spring", JOURNEY, "send")


@pytest.fixture
def find(database):
    async def find(kind, value):
        async with database.transaction() as tx:
            return await contacts.find(tx, Identity(kind, value))

    return find


@pytest.fixture
async def ann(client, find, said):
    event = {"userId": "ann", "traits": {"email": "ann@example.com"}, "writeKey": KEY}
    await client.post("/v1/identify", json=event)
    await said()
    return await find("user_id", "ann")


async def test_an_open_is_told_of_the_contact(client, links, ann, said):
    answer = await client.get(f"/o/{links.open_token(reaction(ann.id))}.gif")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert "set-cookie" not in answer.headers
    (fact,) = await said()
    told = fact.data
    assert types([fact]) == ["email_opened"]
    assert (fact.subject, told.effect_id, told.journey_id, told.step) == (ann.id, EFFECT, JOURNEY, "send")
    assert (told.channel, told.template, told.campaign) == ("email", "welcome", "spring")
    assert (told.contact_known, told.contact_revision) == (True, ann.revision)


async def test_a_click_is_told_and_leads_on(client, links, ann, said):
    answer = await client.get(f"/c/{links.click_token(reaction(ann.id), URL)}")
    assert (answer.status_code, answer.headers["location"]) == (302, URL.replace("é", "%C3%A9"))
    assert "set-cookie" not in answer.headers
    (fact,) = await said()
    assert (types([fact]), fact.subject, fact.data.url) == (["link_clicked"], ann.id, URL)


async def test_each_time_counts(client, links, ann, said):
    path = f"/c/{links.click_token(reaction(ann.id), URL)}"
    await asyncio.gather(*(client.get(path) for _ in range(20)))
    facts = await said()
    assert types(facts) == ["link_clicked"] * 20
    assert len({fact.data.message_id for fact in facts}) == 20


async def test_a_reaction_of_who_was_merged_is_that_of_who_lives(client, links, ann, said, find):
    await client.post("/v1/page", json={"anonymousId": "a", "writeKey": KEY})
    visitor = await find("anonymous_id", "a")
    event = {"userId": "ann", "anonymousId": "a", "traits": {"x": 1}, "writeKey": KEY}
    await client.post("/v1/identify", json=event)
    assert (await find("anonymous_id", "a")).id == ann.id
    await said()
    await client.get(f"/o/{links.open_token(reaction(visitor.id))}.gif")
    (fact,) = await said()
    assert fact.subject == ann.id


async def test_a_contact_that_is_no_more_is_not_made_again(client, links, database, said):
    nobody = uuid4()
    answer = await client.get(f"/c/{links.click_token(reaction(nobody), URL)}")
    assert answer.status_code == 302
    assert await said() == []
    async with database.transaction() as tx:
        assert await contacts.read(tx, nobody) is None


@pytest.mark.parametrize("accept", ["*/*", "text/html,*/*"])
async def test_a_forged_click_leads_nowhere(client, ann, said, accept):
    forged = Links(["another secret than ours"]).click_token(reaction(ann.id), "https://evil.example.com")
    kind = "text/html" if "html" in accept else "application/problem+json"
    for token in (forged, "x", "", "x" * 9000, forged[:-1]):
        answer = await client.get(f"/c/{token}", headers={"accept": accept})
        assert (answer.status_code, "location" in answer.headers) == (404, False)
        assert answer.headers["content-type"].startswith(kind)
    assert await said() == []


async def test_a_forged_open_shows_the_image_all_the_same(client, links, ann, said):
    click = links.click_token(reaction(ann.id), URL)
    for token in ("x", click, ""):
        answer = await client.get(f"/o/{token}.gif")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert await said() == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "/relative", "https://x\r\nSet-Cookie: a=b"]
)
async def test_a_link_leads_to_sites_alone(client, links, ann, url):
    answer = await client.get(f"/c/{links.click_token(reaction(ann.id), url)}")
    assert "set-cookie" not in answer.headers
    if answer.status_code == 302:
        assert "\n" not in answer.headers["location"]
    else:
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"x-moz": "prefetch"},
        {"x-purpose": "preview"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"user-agent": "Slackbot-LinkExpanding 1.0"},
    ],
)
async def test_machines_are_led_on_and_do_not_count(client, links, ann, said, headers):
    click = await client.get(f"/c/{links.click_token(reaction(ann.id), URL)}", headers=headers)
    open_ = await client.get(f"/o/{links.open_token(reaction(ann.id))}.gif", headers=headers)
    assert (click.status_code, open_.status_code) == (302, 200)
    assert await said() == []


async def test_who_only_asks_for_the_head_does_not_count(client, links, ann, said):
    assert (await client.head(f"/c/{links.click_token(reaction(ann.id), URL)}")).status_code == 302
    assert (await client.post(f"/c/{links.click_token(reaction(ann.id), URL)}")).status_code == 405
    assert await said() == []


async def test_gmails_image_proxy_counts(client, links, ann, said):
    agent = {"user-agent": "Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)"}
    await client.get(f"/o/{links.open_token(reaction(ann.id))}.gif", headers=agent)
    assert types(await said()) == ["email_opened"]


async def test_nobody_is_kept_from_where_a_link_leads(rest, database, clock, links, ann):
    """Not even when nothing can be kept: but it was tried."""
    tried = []

    class Away:
        async def keep(self, arrivals, *_):
            tried.extend(arrivals)
            raise unavailable()

    app = edge(rest, database, clock, group=Away(), links=links, max_bytes=9999)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://tracking") as client:
        answer = await client.get(f"/c/{links.click_token(reaction(ann.id), URL)}")
        image = await client.get(f"/o/{links.open_token(reaction(ann.id))}.gif")
    assert (answer.status_code, image.status_code, len(tried)) == (302, 200, 2)
