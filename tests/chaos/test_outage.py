"""RabbitMQ is away while the patience of a decision ends: who has opened meanwhile is not reminded."""

from collections.abc import Iterator
from time import monotonic, sleep

import httpx2
import pytest
from canvass_cli.demo.definitions import answer, put
from canvass_cli.demo.mail import receive
from canvass_cli.demo.people import Person
from canvass_cli.demo.site import MailProgram
from canvass_cli.demo.watching import EMAIL, Timeline
from canvass_runtime.testing import fresh_database

from tests.chaos.below import Below, running
from tests.installation import SERVICES, Installation, free_port

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]

READERS = OTHERS = 10
PATIENCE_SECONDS = 60
AWAY_SECONDS = 120
WITHIN_SECONDS = 120

STEPS = {
    "hello": {"do": "send_email", "template": "outage-hello", "class": "marketing", "next": "opened"},
    "opened": {
        "decide": "opened",
        "of": "hello",
        "within": f"PT{PATIENCE_SECONDS}S",
        "yes": None,
        "no": "remind",
    },
    "remind": {"do": "send_email", "template": "outage-remind", "class": "marketing", "next": None},
}


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Below]:
    with running(tmp_path_factory.mktemp("below")) as below:
        yield below


def test_an_outage_across_a_deadline_reminds_nobody_who_has_opened(below: Below, tmp_path_factory):
    people = [Person.new("Ada") for _ in range(READERS + OTHERS)]
    timeline = Timeline()
    with (
        fresh_database(f"{below.postgres_url}/postgres") as database_url,
        Installation(database_url, below.rabbitmq_url, tmp_path_factory.mktemp("up")) as services,
        services.http() as http,
    ):
        smtp = receive(services.addresses(), timeline, free_port())
        program = MailProgram(services.addresses(), timeline)
        try:
            define(services, http, smtp.url)
            for person in people:
                enter(services, http, person)
            wait_for(lambda: all(mails(timeline, person, "Hello") for person in people), services)
            wait_for(lambda: resting(services, http, "opened") == len(people), services)

            below.take_away("rabbitmq")
            began = monotonic()
            for reader in people[:READERS]:
                program.open(reader, "Hello")
            sleep(AWAY_SECONDS - (monotonic() - began))  # the outage itself
            below.give_back()
            services.start(*(name for name in SERVICES if not services.is_running(name)))

            wait_for(lambda: resting(services, http, "opened") == 0, services)
            wait_for(lambda: all(mails(timeline, one, "Again") for one in people[READERS:]), services)
        finally:
            program.close()
            smtp.stop()
    assert [mails(timeline, person, "Again") for person in people] == [0] * READERS + [1] * OTHERS
    assert [mails(timeline, person, "Hello") for person in people] == [1] * len(people)


def define(services: Installation, http: httpx2.Client, smtp_url: str) -> None:
    sender = {"kind": "smtp", "url": smtp_url, "from": "Canvass <hello@example.com>"}
    put(http, f"{services.url('channels')}/senders/default", sender)
    for key, subject in (("outage-hello", "Hello"), ("outage-remind", "Again")):
        template = {"name": subject, "subject": subject, "text": subject, "html": f"<p>{subject}</p>"}
        put(http, f"{services.url('channels')}/templates/{key}", template)
    document = {"campaign": "outage", "name": "Outage", "sources": [{"event": "Asked"}], "steps": STEPS}
    put(http, f"{services.url('campaigns')}/campaigns/outage", document)
    answer(http.post(f"{services.url('campaigns')}/campaigns/outage/publish"))


def enter(services: Installation, http: httpx2.Client, person: Person) -> None:
    """The contact is made, and asks."""
    answer(
        http.post(
            f"{services.url('tracking')}/contacts", json={"user_id": person.user_id, "email": person.email}
        )
    )
    asked = {"userId": person.user_id, "event": "Asked"}
    answer(httpx2.post(f"{services.url('tracking')}/v1/track", json=asked, auth=(services.write_key, "")))


def mails(timeline: Timeline, person: Person, subject: str) -> int:
    """How many have come."""
    wanted = (EMAIL, person.email, subject)
    return sum(1 for one in timeline.all() if (one.what, one.whom, one.details.get("subject")) == wanted)


def resting(services: Installation, http: httpx2.Client, step: str) -> int:
    """How many journeys rest at a step."""
    url = f"{services.url('campaigns')}/campaigns/outage/journeys"
    journeys = answer(http.get(url, params={"limit": 100})).json()["items"]
    return sum(1 for one in journeys if step in {position["step"] for position in one["positions"]})


def wait_for(condition, services: Installation) -> None:
    deadline = monotonic() + WITHIN_SECONDS
    while not condition():
        assert monotonic() < deadline, services.log()
        sleep(0.2)
