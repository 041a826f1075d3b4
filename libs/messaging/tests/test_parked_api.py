"""What was given up on, over HTTP: listed, replayed, discarded."""

from datetime import timedelta
from typing import ClassVar
from uuid import uuid4

import httpx2
import pytest
from canvass_messaging.parked_api import parked_router
from canvass_messaging.reading import Incoming
from canvass_runtime.app import create_app
from canvass_runtime.clock import Clock
from canvass_runtime.settings import ServiceSettings
from canvass_runtime.tokens import create_keys, issue
from canvass_schemas.ids import uuid7
from canvass_schemas.tracking import PageViewed
from pydantic import SecretStr


class Settings(ServiceSettings):
    service: ClassVar[str] = "segments"


@pytest.fixture
async def http(stage, tmp_path):
    """Somebody who may do all that there is to do."""
    settings = Settings(
        database_url=SecretStr(stage.url), rabbitmq_url=SecretStr("amqp://x"), port=0, keys_dir=tmp_path
    )
    private = create_keys(tmp_path)
    app = create_app(
        "segments",
        database=stage.database,
        clock=Clock(),
        settings=settings,
        routers=[parked_router(stage.messaging)],
    )
    token = issue(private, ["operations:read", "operations:write"], ttl=timedelta(hours=1), name="tests")
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://t", headers={"Authorization": f"Bearer {token}"}
    ) as client:
        yield client


async def test_parked_events_are_listed_in_pages_whatever_bytes_they_are(stage, http, facts):
    await stage.deliver(*(Incoming(uuid7(), "t", b"\xff %d" % number) for number in range(3)))
    first = (await http.get("/parked", params={"limit": 2})).json()
    rest = (await http.get("/parked", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    bodies = [item["body"] for page in (first, rest) for item in page["items"]]
    assert sorted(bodies) == ["\\xff 0", "\\xff 1", "\\xff 2"]
    assert rest["next_cursor"] is None


async def test_a_parked_event_is_replayed_at_once(stage, http, facts):
    event = facts.viewed(poison=True)
    await stage.hear(event)
    await stage.run("UPDATE stage.retries SET parked_at = now(), next_at = NULL")
    (item,) = (await http.get("/parked")).json()["items"]
    assert item["event_id"] == str(event.id)
    woken = []
    stage.database.listeners.append(woken.extend)
    assert (await http.post(f"/parked/{item['id']}/replay")).status_code == 202
    assert woken
    assert not (await http.get("/parked")).json()["items"]
    stage.consumers._handlers[PageViewed.TYPE] = (PageViewed, stage.forgive)
    await stage.feeding().feed(stage.database)
    assert (await stage.effected())[event.id] == 1


async def test_a_parked_event_is_discarded_with_a_reason(stage, http):
    await stage.deliver(Incoming(uuid7(), "t", b"x"))
    (item,) = (await http.get("/parked")).json()["items"]
    url = f"/parked/{item['id']}/discard"
    assert (await http.post(url, json={"reason": "  "})).status_code == 422
    assert (await http.post(url, json={"reason": "a stranger's"})).status_code == 204
    assert (await http.post(url, json={"reason": "again"})).status_code == 404
    assert (await stage.retries())[0].discarded_because == "a stranger's"


async def test_what_is_not_parked_is_not_found(http):
    assert (await http.post(f"/parked/{uuid4()}/replay")).status_code == 404
