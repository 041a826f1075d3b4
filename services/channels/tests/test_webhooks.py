import asyncio
import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from canvass_channels.senders.headers import Unsendable
from canvass_channels.senders.webhooks import new_secret, read_secret, signature
from canvass_schemas.channels import MessageFailed, MessageSent
from canvass_schemas.points import TriggerMessageWanted, TriggerMessageWantedData

from services.channels.tests.conftest import ANN, BOB, NOON, contact, wanted

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def to_crm(contact_id=ANN, **changes):
    return wanted(contact_id, channel="webhook", template=None, destination="crm", **changes)


def states(rows):
    return [(row.state, row.attempts) for row in rows]


@pytest.fixture
def crm(put_destination, receiver):
    async def crm(**changes):
        values = {"kind": "webhook", "url": f"{receiver.url}/hook", "secret": SECRET} | changes
        return await put_destination("crm", **values)

    return crm


def test_it_is_signed_as_the_specification_says():
    body = b'{"test": 2432232314}'
    signed = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_???", SECRET.removeprefix("whsec_")]
)
def test_a_secret_is_long_enough_and_says_what_it_is(secret):
    with pytest.raises(Unsendable, match="whsec_"):
        read_secret(secret)


def test_secrets_are_made_where_none_is_given():
    assert len(read_secret(new_secret())) == 32
    assert new_secret() != new_secret()


async def test_a_webhook_tells_of_the_contact_and_why(crm, hear, send, receiver, ledger, said):
    await crm()
    request = to_crm(values={"stage": "hot"})
    await hear(contact(ANN, phone="+14165550123", tags=["vip"]), request)
    assert await send() == 1
    ((line, headers, body),) = receiver.requests
    effect_id = str(request.data.effect_id)
    assert (line, headers["host"]) == ("POST /hook HTTP/1.1", f"127.0.0.1:{receiver.port}")
    assert headers["webhook-id"] == effect_id
    timestamp = int(headers["webhook-timestamp"])
    assert abs(datetime.now(UTC) - datetime.fromtimestamp(timestamp, UTC)) < timedelta(minutes=5)
    assert headers["webhook-signature"] == signature(SECRET, effect_id, timestamp, body)
    told = json.loads(body)
    assert told["type"] == "canvass.campaigns.webhook"
    assert told["data"] == {
        "contact": {
            "id": str(ANN),
            "email": "1@example.com",
            "phone": "+14165550123",
            "user_id": None,
            "tags": ["vip"],
            "attributes": {"name": "Ann"},
        },
        "values": {"stage": "hot"},
        "campaign": "hot-leads",
        "step": "welcome",
        "trigger": None,
        "form": None,
    }
    assert states(await ledger()) == [("accepted", 1)]
    (sent,) = await said(MessageSent)
    assert (sent.data.channel, sent.data.destination, sent.data.template) == ("webhook", "crm", None)


async def test_a_trigger_may_want_one_and_is_answered(crm, hear, send, receiver, said):
    await crm()
    data = TriggerMessageWantedData(
        effect_id=BOB, channel="webhook", destination="crm", message_class="transactional", trigger="hot",
        contact_revision=1,
    )  # fmt: skip
    await hear(contact(ANN), TriggerMessageWanted.of(data, subject=ANN, time=NOON))
    await send()
    told = json.loads(receiver.requests[0][2])
    assert (told["type"], told["data"]["trigger"]) == ("canvass.points.webhook", "hot")
    (sent,) = await said(MessageSent)
    assert (sent.data.wanted_by, sent.data.campaign, sent.data.journey_id) == ("points", None, None)


@pytest.mark.parametrize("answer", [500, 429, 404, (302, {"Location": "http://127.0.0.1:1/"}, b""), "cut"])
async def test_what_is_not_taken_is_sent_again_as_the_same(
    crm, hear, send, receiver, ledger, said, let_pass, answer
):
    await crm()
    receiver.script = [answer]
    await hear(contact(ANN), to_crm())
    await send()
    (row,) = await ledger()
    assert (row.state, row.attempts) == ("planned", 1)
    assert timedelta(seconds=3) < row.due_at - datetime.now(UTC) < timedelta(seconds=6)
    await let_pass()
    await send()
    first, second = receiver.requests
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert json.loads(first[2])["data"] == json.loads(second[2])["data"]
    assert states(await ledger()) == [("accepted", 2)]
    assert len(await said(MessageSent)) == 1


async def test_a_receiver_may_ask_to_be_left_alone(crm, hear, send, receiver, ledger):
    await crm()
    receiver.script = [(503, {"Retry-After": "3600"}, b"busy")]
    await hear(contact(ANN), to_crm())
    await send()
    (row,) = await ledger()
    assert row.due_at - datetime.now(UTC) > timedelta(minutes=59)
    assert "503 busy" in row.reason


async def test_a_receiver_that_is_gone_gets_nothing_more(crm, hear, send, receiver, ledger, said, client):
    await crm()
    receiver.script = [410]
    await hear(contact(ANN), contact(BOB), to_crm())
    await send()
    await hear(to_crm(BOB))
    await send()
    assert len(receiver.requests) == 1
    assert states(await ledger()) == [("failed", 1), ("failed", 0)]
    assert "disabled: its receiver answered 410" in (await said(MessageFailed))[1].data.reason
    assert "410" in (await client.get("/destinations/crm")).json()["disabled"]
    await crm()
    await hear(to_crm(BOB, step="again", effect_id=ANN))
    await send()
    assert len(receiver.requests) == 2


async def test_one_that_is_slow_holds_nobody_else_up(
    crm, put_destination, hear, make_sending, database, receiver, mails, define
):
    await define()
    await crm()
    receiver.slow = asyncio.Event()
    await hear(contact(ANN), contact(BOB), to_crm())
    running = asyncio.create_task(make_sending().run(database))
    await receiver.arrivals.get()
    await hear(wanted(BOB))
    await mails.arrivals.get()
    receiver.slow.set()
    await running


async def test_a_long_answer_is_not_read_to_its_end(crm, hear, send, receiver, ledger):
    await crm()
    receiver.script = [(200, {"Content-Length": 10**9}, b"x" * 200_000)]
    await hear(contact(ANN), to_crm())
    await send()
    assert states(await ledger()) == [("accepted", 1)]


async def test_a_destination_that_is_defined_later_is_waited_for(crm, hear, send, receiver, ledger):
    await hear(contact(ANN), to_crm())
    await send()
    (row,) = await ledger()
    assert (row.state, row.reason) == ("planned", "no destination: PUT /destinations/crm")
    await crm()
    assert await send() == 1
    assert states(await ledger()) == [("accepted", 1)]


async def test_a_name_that_leads_behind_our_doors_fails_with_the_reason(
    crm, hear, send, receiver, said, monkeypatch
):
    await crm(url=f"http://rebound.example:{receiver.port}/")

    async def getaddrinfo(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", receiver.port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    await hear(contact(ANN), to_crm())
    await send()
    (failed,) = await said(MessageFailed)
    assert "rebound.example is a private address" in failed.data.reason
    assert "CHANNELS_ALLOW_PRIVATE_ADDRESSES" in failed.data.reason
    assert receiver.requests == []
