"""The main job on the running services: the official SDK in front, a real SMTP server behind."""

import asyncio
import subprocess
import sys
from datetime import datetime
from uuid import uuid4

import httpx2
import pytest
from canvass_cli.demo.mail import receive
from canvass_cli.demo.people import Person
from canvass_cli.demo.story import PAGE, Beat
from canvass_cli.demo.watching import FactWatcher, Timeline, until

from tests.installation import Installation, free_port
from tests.main_job import PATH, beats, define, visit

pytestmark = pytest.mark.timeout(400)

WITHIN_SECONDS = 15


async def test_an_event_that_is_posted_again_and_again_acts_once(installation: Installation):
    person, timeline, at = Person.new("Ada"), Timeline(), installation.addresses()
    wanted = beats(person)
    smtp = receive(at, timeline, free_port())
    try:
        define(at, smtp.url)
        async with FactWatcher(installation.rabbitmq_url, timeline):
            viewed_at = await asyncio.to_thread(visit, at, person)
            assert await until(lambda: all(beat.found(timeline) for beat in wanted), WITHIN_SECONDS)
            for message_id in [person.user_id] * 3 + [f"{person.user_id}-after"]:
                await asyncio.to_thread(post_page, installation, person, message_id, viewed_at)
            after = Beat("", PAGE, person, {"message_id": f"{person.user_id}-after"})
            assert await until(lambda: bool(after.found(timeline)), WITHIN_SECONDS)
    finally:
        smtp.stop()
    assert {beat.told: len(beat.found(timeline)) for beat in wanted} == {beat.told: 1 for beat in wanted}


def test_the_example_subscriber_prints_facts_as_they_pass(installation: Installation):
    name = f"Example {uuid4().hex[:8]}"
    subscriber = subprocess.Popen(
        [sys.executable, "examples/subscriber.py", "tracking.#"],
        env={"RABBITMQ_URL": installation.rabbitmq_url},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert subscriber.stdout
        line = ""
        while name not in line:
            post(installation, "track", {"userId": "ada", "event": name})
            line = subscriber.stdout.readline()
        assert "tracking.event_tracked.v1" in line
    finally:
        subscriber.terminate()
        subscriber.wait(10)
        subscriber.stdout.close()


def post_page(installation: Installation, person: Person, message_id: str, at: datetime) -> None:
    """As an SDK does that has had no answer: when it happened is said again, too."""
    event = {"userId": person.user_id, "messageId": message_id, "timestamp": at.isoformat()}
    post(installation, "page", event | {"properties": {"path": PATH}})


def post(installation: Installation, kind: str, event: dict[str, object]) -> None:
    url = f"{installation.url('tracking')}/v1/{kind}"
    answer = httpx2.post(url, json=event, auth=(installation.write_key, ""))
    assert answer.json() == {"success": True}
