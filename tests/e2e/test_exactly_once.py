"""What contacts do at once, what is posted twice, and what a provider refuses at first: each acts once."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from threading import Lock
from uuid import uuid4

import httpx2
import pytest
from canvass_cli.demo.definitions import answer, put
from canvass_cli.demo.people import Person
from canvass_cli.demo.sinks import Answer, Crm, HttpServer, Phones, new_secret
from canvass_cli.demo.story import SCORE, SENT, Beat
from canvass_cli.demo.watching import SMS, WEBHOOK, FactWatcher, Timeline, until

from tests.installation import Installation

pytestmark = pytest.mark.timeout(400)

WITHIN_SECONDS = 60
PARALLEL = 20


class BusyPhones(Phones):
    """A provider that is overloaded when it first hears of a number."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._lock = Lock()
        self.asked = 0

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        with self._lock:
            self.asked += 1
            first = self.asked == 1
        return (
            (503, {"code": 20503, "message": "busy", "status": 503}) if first else super().post(headers, body)
        )


@pytest.fixture
def timeline() -> Timeline:
    return Timeline()


@pytest.fixture
async def watched(installation: Installation, timeline: Timeline) -> AsyncIterator[Timeline]:
    async with FactWatcher(installation.rabbitmq_url, timeline):
        yield timeline


@pytest.fixture
def http(installation: Installation) -> Iterator[httpx2.Client]:
    with installation.http() as http:
        yield http


@pytest.fixture
def ada(installation: Installation, http: httpx2.Client) -> Person:
    """A contact that everybody knows."""
    ada = Person.new("Ada")
    known = {"user_id": ada.user_id, "email": ada.email, "phone": ada.phone}
    answer(http.post(f"{installation.url('tracking')}/contacts", json=known))
    return ada


async def test_twenty_events_of_one_contact_at_once_give_twenty_reactions(
    installation: Installation, http: httpx2.Client, watched: Timeline, ada: Person
):
    event, secret = f"Bought {uuid4().hex[:8]}", new_secret()
    crm = HttpServer(Crm(watched, secret))
    try:
        define_thresholds(installation, http, event, crm.url, secret)
        await asyncio.gather(*(track(installation, ada, event, str(uuid4())) for _ in range(PARALLEL)))
        reacted = Beat("", WEBHOOK, ada)
        assert await until(lambda: len(reacted.found(watched)) >= PARALLEL, WITHIN_SECONDS)
        score = Beat("", SCORE, ada, {"score": PARALLEL})
        assert await until(lambda: bool(score.found(watched)), WITHIN_SECONDS)
    finally:
        define_thresholds(installation, http, event, crm.url, secret, active=False)
        crm.stop()
    reached = [one.details["stage"] for one in reacted.found(watched)]
    assert sorted(reached) == list(range(1, PARALLEL + 1))
    assert earned(installation, http, ada) == [1] * PARALLEL


async def test_the_same_event_posted_at_the_same_time_by_many_acts_once(
    installation: Installation, http: httpx2.Client, watched: Timeline, ada: Person
):
    event, message_id = f"Bought {uuid4().hex[:8]}", str(uuid4())
    define_action(installation, http, event)
    await asyncio.gather(*(track(installation, ada, event, message_id) for _ in range(PARALLEL)))
    await track(installation, ada, event, str(uuid4()))
    after = Beat("", SCORE, ada, {"score": 2})
    assert await until(lambda: bool(after.found(watched)), WITHIN_SECONDS)
    assert earned(installation, http, ada) == [1, 1]


async def test_what_a_provider_refuses_at_first_is_delivered_once(
    installation: Installation, http: httpx2.Client, watched: Timeline, ada: Person
):
    busy = BusyPhones(watched)
    phones, event = HttpServer(busy), f"Bought {uuid4().hex[:8]}"
    try:
        campaign = define_sms(installation, http, event, phones.url)
        await track(installation, ada, event, str(uuid4()))
        sent = Beat("", SENT, ada, {"campaign": campaign})
        assert await until(lambda: bool(sent.found(watched)), WITHIN_SECONDS)
    finally:
        phones.stop()
    assert busy.asked == 2
    assert len(Beat("", SMS, ada).found(watched)) == len(sent.found(watched)) == 1


def define_action(installation: Installation, http: httpx2.Client, event: str) -> None:
    """The event earns a point."""
    action = {"name": event, "on": "event_tracked", "event": event, "delta": 1}
    put(http, f"{installation.url('points')}/actions/{key(event)}", action)


def define_thresholds(
    installation: Installation, http: httpx2.Client, event: str, url: str, secret: str, *, active: bool = True
) -> None:
    """Each point that the event earns is a threshold, and each of these a webhook that says which."""
    define_action(installation, http, event)
    crm = {"kind": "webhook", "url": url, "secret": secret}
    put(http, f"{installation.url('channels')}/destinations/{key(event)}", crm)
    for at in range(1, PARALLEL + 1):
        reaction = {"webhook": key(event), "values": {"stage": at}}
        trigger = {"name": f"{event} {at}", "at": at, "do": [reaction], "active": active}
        put(http, f"{installation.url('points')}/triggers/{key(event)}-{at}", trigger)


def define_sms(installation: Installation, http: httpx2.Client, event: str, url: str) -> str:
    """The event enters a campaign that sends an SMS; gives the campaign's key."""
    campaign = key(event)
    sender = {"kind": "sms", "url": url, "account": "ACtest", "token": "t", "from": "+14165550100"}
    put(http, f"{installation.url('channels')}/senders/{campaign}", sender)
    template = {"name": event, "channel": "sms", "sender": campaign, "text": "Thank you!"}
    put(http, f"{installation.url('channels')}/templates/{campaign}", template)
    steps = {"tell": {"do": "send_sms", "template": campaign, "class": "transactional", "next": None}}
    document = {"campaign": campaign, "name": event, "sources": [{"event": event}], "steps": steps}
    put(http, f"{installation.url('campaigns')}/campaigns/{campaign}", document)
    answer(http.post(f"{installation.url('campaigns')}/campaigns/{campaign}/publish"))
    return campaign


def key(event: str) -> str:
    return event.lower().replace(" ", "-")


async def track(installation: Installation, person: Person, event: str, message_id: str) -> None:
    """What a server posts."""
    body = {"userId": person.user_id, "event": event, "messageId": message_id}
    async with httpx2.AsyncClient(auth=(installation.write_key, ""), timeout=30) as http:
        posted = await http.post(f"{installation.url('tracking')}/v1/track", json=body)
    assert posted.json() == {"success": True}


def earned(installation: Installation, http: httpx2.Client, person: Person) -> list[int]:
    """What the ledger of the contact has."""
    found = answer(http.get(f"{installation.url('tracking')}/contacts", params={"email": person.email}))
    (contact,) = found.json()["items"]
    ledger = answer(http.get(f"{installation.url('points')}/contacts/{contact['id']}/ledger"))
    return [line["delta"] for line in ledger.json()["items"]]
