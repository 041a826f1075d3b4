"""The main job on the running services: the official SDK in front, a real SMTP server behind."""

import asyncio
import subprocess
import sys
from uuid import uuid4

import httpx2
from canvass_cli.demo.definitions import define
from canvass_cli.demo.play import STORY, play, visit
from canvass_cli.demo.watching import FactWatcher, Timeline, start_smtp_server, until

from tests.installation import Installation, free_port

WITHIN_SECONDS = 15


def test_the_demo_plays_and_plays_again(installation: Installation):
    assert play(installation.addresses(), free_port())
    assert play(installation.addresses(), free_port())


async def test_an_event_that_is_posted_again_and_again_acts_once(installation: Installation):
    visitor, port = f"repeat-{uuid4().hex[:8]}", free_port()
    timeline = Timeline(message_id=visitor)
    smtp = start_smtp_server(timeline, f"{visitor}@example.com", port)
    try:
        define(installation.addresses(), f"smtp://127.0.0.1:{port}")
        async with FactWatcher(installation.rabbitmq_url, timeline):
            await asyncio.to_thread(visit, installation.addresses(), visitor)
            assert await until(lambda: all(timeline.times(what) for what, _ in STORY), WITHIN_SECONDS)
            for message_id in (visitor, visitor, visitor, f"{visitor}-after"):
                await asyncio.to_thread(post_page, installation, message_id)
            assert await until(lambda: bool(timeline.event_id(f"{visitor}-after")), WITHIN_SECONDS)
    finally:
        smtp.stop()
    assert {what: len(timeline.times(what)) for what, _ in STORY} == dict.fromkeys(dict(STORY), 1)


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


def post_page(installation: Installation, message_id: str) -> None:
    event = {"userId": "repeats", "messageId": message_id, "properties": {"path": "/pricing"}}
    post(installation, "page", event)


def post(installation: Installation, kind: str, event: dict[str, object]) -> None:
    url = f"{installation.url('tracking')}/v1/{kind}"
    answer = httpx2.post(url, json=event, auth=(installation.write_key, ""))
    assert answer.json() == {"success": True}
