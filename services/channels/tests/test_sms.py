from urllib.parse import parse_qs

import pytest
from canvass_schemas.channels import MessageFailed, MessageSent, MessageSuppressed

from services.channels.tests.conftest import ANN, contact, wanted

TAKEN = (201, {}, b'{"sid": "SM123", "status": "queued"}')


@pytest.fixture
def texting(put, put_sender, receiver):
    async def texting():
        await put("thanks", channel="sms", subject="", text="Thanks, {{ contact.name }}!", html=None)
        await put_sender(
            "twilio", kind="sms", url=receiver.url, account="AC1", token="t0ken", from_address="+15550001111"
        )

    return texting


def by_sms(**changes):
    return wanted(channel="sms", template="thanks", **changes)


async def test_an_sms_goes_in_twilios_shape(texting, hear, send, receiver, ledger, said):
    await texting()
    receiver.script = [TAKEN]
    await hear(contact(ANN, phone="+14165550123"), by_sms())
    await send()
    ((line, headers, body),) = receiver.requests
    assert line == "POST /2010-04-01/Accounts/AC1/Messages.json HTTP/1.1"
    assert headers["authorization"] == "Basic QUMxOnQwa2Vu"
    assert parse_qs(body.decode()) == {
        "To": ["+14165550123"],
        "From": ["+15550001111"],
        "Body": ["Thanks, Ann!"],
    }
    (row,) = await ledger()
    assert (row.state, row.provider_id) == ("accepted", "SM123")
    (sent,) = await said(MessageSent)
    assert (sent.data.channel, sent.data.provider_id) == ("sms", "SM123")


@pytest.mark.parametrize("answer", [503, 429, 401])
async def test_what_is_refused_for_now_is_delivered_once(
    texting, hear, send, receiver, ledger, let_pass, said, answer
):
    await texting()
    receiver.script = [answer, TAKEN]
    await hear(contact(ANN, phone="+14165550123"), by_sms())
    await send()
    assert await said() == []
    await let_pass()
    await send()
    (row,) = await ledger()
    assert (row.state, row.attempts, len(receiver.requests)) == ("accepted", 2, 2)
    assert len(await said(MessageSent)) == 1


async def test_what_is_refused_for_good_is_told_in_twilios_words(texting, hear, send, receiver, said):
    await texting()
    receiver.script = [(400, {}, b'{"code": 21211, "message": "Invalid \'To\' number", "status": 400}')]
    await hear(contact(ANN, phone="+14165550123"), by_sms())
    await send()
    (failed,) = await said(MessageFailed)
    assert failed.data.reason == "400 21211: Invalid 'To' number (at the provider)"


@pytest.mark.parametrize(("message_class", "state"), [("marketing", "unknown"), ("transactional", "planned")])
async def test_one_of_which_no_answer_came_is_in_doubt(
    texting, hear, send, receiver, ledger, message_class, state
):
    await texting()
    receiver.script = ["cut"]
    await hear(contact(ANN, phone="+14165550123"), by_sms(message_class=message_class))
    await send()
    (row,) = await ledger()
    assert (row.state, row.attempts) == (state, 1)
    assert "doubt" in row.reason or "unknown" in row.reason


async def test_without_a_number_there_is_none(texting, hear, send, receiver, ledger, said, let_pass):
    await texting()
    await hear(contact(ANN), by_sms())
    await send()
    await let_pass()
    await send()
    (suppressed,) = await said(MessageSuppressed)
    assert suppressed.data.reason == "no telephone number"
    assert receiver.requests == []


async def test_an_answer_that_is_no_json_is_an_answer(texting, hear, send, receiver, ledger):
    await texting()
    receiver.script = [(200, {}, b"<html>")]
    await hear(contact(ANN, phone="+14165550123"), by_sms())
    await send()
    (row,) = await ledger()
    assert (row.state, row.provider_id) == ("accepted", None)


async def test_what_is_too_long_for_an_sms_is_not_sent(texting, put, hear, send, receiver, said):
    await texting()
    await put("thanks", channel="sms", subject="", text="{{ contact.name }}" * 2, html=None)
    await hear(contact(ANN, phone="+14165550123", name="x" * 1_000), by_sms())
    await send()
    (failed,) = await said(MessageFailed)
    assert "2000 characters" in failed.data.reason
