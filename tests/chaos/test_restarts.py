"""RabbitMQ and PostgreSQL are killed below all five services under load: nothing lost, nothing doubled."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic, sleep
from uuid import uuid4

import httpx2
import pytest
from aiosmtpd.controller import Controller
from canvass_runtime.testing import fresh_database

from tests.chaos.below import Below, running
from tests.chaos.test_sends import Sink
from tests.installation import Installation, free_port
from tests.main_job import PATH, define

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]

LOAD_SECONDS = 25
BACK_WITHIN_SECONDS = 60


@dataclass
class Load:
    """Visitors that each do what leads to one e-mail, until told to stop; those answered 200 must get it."""

    services: Installation
    acknowledged: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Load":
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        url = f"{self.services.url('tracking')}/v1/batch"
        with httpx2.Client(auth=(self.services.write_key, ""), timeout=30) as http:
            while not self._stop.wait(0.05):
                self._visit(http, url, f"restart-{uuid4().hex[:12]}")

    def _visit(self, http: httpx2.Client, url: str, visitor: str) -> None:
        """Sent again with the same message ids until it is answered with 200, as the SDKs do."""
        traits = {"email": f"{visitor}@example.com", "country": "CA", "first_name": "Ada"}
        page = {"type": "page", "userId": visitor, "properties": {"path": PATH}}
        batch = [{"type": "identify", "userId": visitor, "traits": traits}, page, page]
        for number, event in enumerate(batch := [dict(event) for event in batch]):
            event["messageId"] = f"{visitor}-{number}"
        while True:
            try:
                if http.post(url, json={"batch": batch}).status_code == 200:
                    self.acknowledged.append(f"{visitor}@example.com")
                    return
            except httpx2.HTTPError:
                pass
            sleep(0.2)


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Below]:
    with running(tmp_path_factory.mktemp("below")) as below:
        yield below


def test_servers_killed_under_load_lose_and_double_nothing(below: Below, tmp_path_factory):
    sink, port = Sink(), free_port()
    smtp = Controller(sink, hostname="127.0.0.1", port=port)
    smtp.start()
    try:
        with (
            fresh_database(f"{below.postgres_url}/postgres") as database_url,
            Installation(database_url, below.rabbitmq_url, tmp_path_factory.mktemp("up")) as services,
        ):
            define(services.addresses(), f"smtp://127.0.0.1:{port}")
            with Load(services) as load:
                for name in ("rabbitmq", "postgres", "rabbitmq"):
                    sleep(LOAD_SECONDS / 4)  # load, not waiting: how long it is under way before the kill
                    below.kill(name)
                wait_until_served(load, len(load.acknowledged) + 20)
            missing = wait_for_mails(sink, load.acknowledged)
            assert not missing, f"{len(missing)} of {len(load.acknowledged)} never came\n{services.log()}"
            assert Counter(sink.mails.values()).keys() == {1}, "an e-mail came twice"
            assert nothing_is_left(services) == []
    finally:
        smtp.stop()


def wait_until_served(load: Load, acknowledged: int) -> None:
    deadline = monotonic() + BACK_WITHIN_SECONDS
    while len(load.acknowledged) < acknowledged:
        assert monotonic() < deadline, "requests are not answered any more"
        sleep(0.1)


def wait_for_mails(sink: Sink, addresses: list[str]) -> set[str]:
    """Those addresses that got no mail in time."""
    deadline = monotonic() + BACK_WITHIN_SECONDS
    while missing := {address for address in addresses if not sink.mails[address]}:
        if monotonic() > deadline:
            return missing
        sleep(0.2)
    return set()


def nothing_is_left(services: Installation) -> list[str]:
    """What is parked anywhere."""
    with services.http() as http:
        return [
            item["error"]
            for name in ("tracking", "segments", "points", "campaigns", "channels")
            for item in http.get(f"{services.url(name)}/parked").raise_for_status().json()["items"]
        ]
