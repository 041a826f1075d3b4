from datetime import timedelta

import pytest
from canvass_campaigns.tables import sources, versions
from canvass_schemas.campaigns import (
    AudienceWanted,
    CampaignPaused,
    CampaignPublished,
    JourneyEntered,
    MessageWanted,
    VerdictWanted,
)

from services.campaigns.tests.conftest import ANN, BOB, DOCUMENT, EMAIL, NOON, entered
from services.campaigns.tests.facts import page, sent, verdict

NEW = {"If-None-Match": "*"}
URL = "/campaigns/hot-leads"


@pytest.fixture
async def draft(client):
    answer = await client.put(URL, json=DOCUMENT, headers=NEW)
    assert answer.status_code == 201
    return answer


async def test_a_draft_is_kept_as_its_author_wrote_it(client, draft):
    steps = {"zebra": EMAIL | {"next": "ant"}, "ant": EMAIL}
    answer = await client.put(
        URL, json=DOCUMENT | {"steps": steps}, headers={"If-Match": draft.headers["ETag"]}
    )
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    read = (await client.get(URL)).json()
    assert list(read["document"]["steps"]) == ["zebra", "ant"]
    assert (read["name"], read["status"], read["version"], read["revision"]) == (
        "Hot leads",
        "draft",
        None,
        2,
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 428), (NEW, 412), ({"If-Match": '"7"'}, 412), ({"If-Match": '"1"'}, 200)],
)
async def test_a_draft_is_changed_by_whoever_has_read_it(client, draft, headers, status):
    assert (await client.put(URL, json=DOCUMENT, headers=headers)).status_code == status


async def test_everything_that_is_wrong_in_a_document_is_told_with_its_step(client):
    wrong = DOCUMENT | {"steps": {"welcome": EMAIL | {"next": "gone"}, "lost": EMAIL | {"class": "spam"}}}
    answer = await client.put(URL, json=wrong, headers=NEW)
    assert answer.status_code == 422
    assert set(answer.json()["fields"]) == {"/steps/lost/class"}
    wrong["steps"].pop("lost")
    answer = await client.put(URL, json=wrong, headers=NEW)
    assert answer.json()["fields"] == {"/steps/welcome/next": "there is no step 'gone'"}
    assert (await client.get(URL)).status_code == 404


@pytest.mark.parametrize("key", ["Hot", "a b", "x" * 101])
async def test_a_key_is_plain(client, key):
    assert (await client.put(f"/campaigns/{key}", json=DOCUMENT, headers=NEW)).status_code == 422


async def test_publishing_puts_a_version_in_force(client, draft, hear, said):
    answer = await client.post(f"{URL}/publish")
    done = {"campaign": "hot-leads", "version": 1, "changed": True, "segments": ["hot"]}
    assert (answer.status_code, answer.json()) == (200, done)
    fact, asked = await said()
    assert (type(asked), asked.data.segment, asked.data.version) == (AudienceWanted, "hot", 1)
    assert (type(fact), fact.data.campaign, fact.data.version) == (CampaignPublished, "hot-leads", 1)
    await hear(entered(ANN))
    assert len(await said(JourneyEntered)) == 1


async def test_the_same_publishing_twice_gives_one_version(client, draft, rows_of, said):
    once = {"Idempotency-Key": "monday"}
    first = await client.post(f"{URL}/publish", headers=once)
    changed = DOCUMENT | {"name": "Hotter leads"}
    await client.put(URL, json=changed, headers={"If-Match": draft.headers["ETag"]})
    again = await client.post(f"{URL}/publish", headers=once)
    assert first.json() == again.json()
    assert first.json()["version"] == 1
    assert len(await rows_of(versions)) == 1
    assert len(await said(CampaignPublished)) == 1


async def test_an_unchanged_draft_stays_the_version_that_it_is(client, draft, rows_of, said):
    for changed in (True, False):
        done = (await client.post(f"{URL}/publish")).json()
        assert (done["version"], done["changed"]) == (1, changed)
    assert len(await said(CampaignPublished)) == 1
    await client.put(URL, json=DOCUMENT | {"name": "Other"}, headers={"If-Match": '"1"'})
    assert (await client.post(f"{URL}/publish")).json()["version"] == 2
    assert [(row.version, row.document["name"]) for row in await rows_of(versions, versions.c.version)] == [
        (1, "Hot leads"),
        (2, "Other"),
    ]


async def test_what_is_unpublished_takes_nobody_in_until_it_is_published_again(client, draft, hear, said):
    await client.post(f"{URL}/publish")
    answer = await client.post(f"{URL}/unpublish")
    assert (answer.json()["status"], answer.json()["reason"]) == ("paused", "unpublished")
    published, paused = await said(CampaignPublished, CampaignPaused)
    assert paused.time > published.time
    await client.post(f"{URL}/unpublish")
    await hear(entered(ANN))
    assert await said() == []
    assert (await client.post(f"{URL}/publish")).json()["version"] == 1
    assert (await client.get(URL)).json()["reason"] is None
    (again,) = await said(CampaignPublished)
    assert again.time > paused.time


async def test_another_version_listens_to_its_own_sources_alone(client, draft, rows_of):
    await client.post(f"{URL}/publish")
    document = DOCUMENT | {"sources": [{"segment": "warm"}]}
    await client.put(URL, json=document, headers={"If-Match": '"1"'})
    await client.post(f"{URL}/publish")
    assert [tuple(row) for row in await rows_of(sources)] == [("segment", "warm", "hot-leads")]


async def test_campaigns_and_journeys_come_in_pages(client, draft, hear, publish):
    await publish("another")
    await client.post(f"{URL}/publish")
    await hear(entered(ANN), entered(BOB))
    listed = (await client.get("/campaigns?limit=1")).json()
    rest = (await client.get(f"/campaigns?cursor={listed['next_cursor']}")).json()
    assert [item["key"] for item in listed["items"] + rest["items"]] == ["another", "hot-leads"]
    assert rest["next_cursor"] is None
    page = (await client.get(f"{URL}/journeys?limit=1")).json()
    more = (await client.get(f"{URL}/journeys?limit=1&cursor={page['next_cursor']}")).json()
    assert {item["contact_id"] for item in page["items"] + more["items"]} == {str(ANN), str(BOB)}
    (journey,) = page["items"]
    (position,) = journey["positions"]
    assert (position["step"], position["kind"], position["waits_for"]) == ("welcome", "send_email", "message")
    assert (await client.get(f"/journeys/{journey['id']}")).json() == journey | {"timeline": []}


async def test_a_journey_tells_where_it_has_been_why_and_what_it_waits_for(client, hear, said, publish):
    rules = {"match": "all", "rules": [{"field": "country", "operator": "=", "value": "CA"}]}
    steps = {
        "canadian": {"if": rules, "yes": "welcome"},
        "welcome": EMAIL | {"next": "page"},
        "page": {"decide": "page", "path": "/pricing", "within": "P3D", "yes": "thanks", "no": "thanks"},
        "thanks": {"do": "wait", "for": "P1D"},
    }
    await publish(steps=steps)
    cause = entered(ANN)
    await hear(cause, entered(BOB))
    wanted, other = sorted(await said(VerdictWanted), key=lambda fact: fact.subject)
    told, seen = verdict(wanted, True, country="CA"), page(ANN, at=NOON + timedelta(hours=2))
    await hear(told, verdict(other, True))
    await hear(*(sent(one, at=NOON + timedelta(hours=1)) for one in await said(MessageWanted)))
    await hear(seen)
    (summary,) = (await client.get(f"/contacts/{ANN}/journeys")).json()["items"]
    journey = (await client.get(f"/journeys/{summary['id']}")).json()
    assert journey["began_because"] == str(cause.id)
    assert [(one["step"], one["kind"], one["outcome"]) for one in journey["timeline"]] == [
        ("canadian", "if", "yes"),
        ("welcome", "send_email", "sent"),
        ("page", "page", "yes"),
    ]
    assert journey["timeline"][0]["values"] == {"country": "CA"}
    assert [one["because"] for one in journey["timeline"]][::2] == [str(told.id), str(seen.id)]
    (rests,) = journey["positions"]
    assert (rests["step"], rests["waits_for"], rests["until"]) == ("thanks", "time", "2026-12-02T14:00:00Z")
    (waiting,) = (await client.get(f"{URL}/journeys?step=page")).json()["items"]
    assert waiting["contact_id"] == str(BOB)
    assert (waiting["positions"][0]["waits_for"], waiting["positions"][0]["until"]) == (
        "behaviour",
        "2026-12-04T13:00:00Z",
    )
    numbers = (await client.get(f"{URL}/numbers")).json()
    assert (numbers["entered"], numbers["under_way"], numbers["ended"]) == (2, 2, 0)
    by_step = {step["step"]: (step["waiting"], step["passed"]) for step in numbers["steps"]}
    assert by_step == {
        "canadian": (0, {"yes": 2}),
        "welcome": (0, {"sent": 2}),
        "page": (1, {"yes": 1}),
        "thanks": (1, {}),
    }
    (listed,) = (await client.get("/campaigns")).json()["items"]
    assert (listed["entered"], listed["under_way"], listed["status"]) == (2, 2, "published")


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "/campaigns/gone"),
        ("POST", "/campaigns/gone/publish"),
        ("POST", "/campaigns/gone/unpublish"),
        ("GET", "/campaigns/gone/journeys"),
        ("GET", f"/journeys/{ANN}"),
    ],
)
async def test_what_is_not_there_is_said_so(client, method, url):
    assert (await client.request(method, url)).status_code == 404


async def test_without_a_key_nothing_is_shown(client):
    client.headers.pop("Authorization")
    assert (await client.get("/campaigns")).status_code == 401
