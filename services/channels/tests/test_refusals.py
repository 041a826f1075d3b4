import asyncio

import pytest
from canvass_schemas.channels import MessageFailed, MessageSent

from services.channels.tests.conftest import ANN, BOB, contact, wanted


def states(rows):
    return [row.state for row in rows]


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("MAIL", "451 try later"),
        ("MAIL", "550 who are you"),
        ("RCPT", "450 greylisted"),
        ("DATA", "452 full"),
        ("RCPT", "421 closing"),
    ],
)
async def test_what_is_refused_for_now_is_sent_later_and_once(
    define, hear, send, mails, ledger, said, let_pass, stage, answer
):
    await define()
    mails.script[stage] = [answer]
    await hear(contact(ANN), wanted())
    await send()
    (row,) = await ledger()
    assert (row.state, row.attempts) == ("planned", 1)
    assert answer in row.reason
    assert (await said(), mails.received) == ([], [])
    assert await send() == 0
    await let_pass()
    await send()
    (row,) = await ledger()
    assert (row.state, row.attempts, len(mails.received)) == ("accepted", 2, 1)
    assert len(await said(MessageSent)) == 1


async def test_what_is_refused_for_good_has_failed_and_its_neighbours_have_not(
    define, hear, send, mails, ledger, said
):
    await define(connections=1)
    mails.script["RCPT"] = ["550 no such user"]
    await hear(contact(ANN), contact(BOB), wanted(), wanted(BOB))
    await send()
    assert sorted(states(await ledger())) == ["accepted", "failed"]
    (failed,) = await said(MessageFailed)
    assert "550 no such user" in failed.data.reason
    assert (len(mails.received), mails.sessions) == (1, 1)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
async def test_a_connection_cut_before_the_message_costs_nothing(
    define, hear, send, mails, ledger, let_pass, stage
):
    await define()
    mails.script[stage] = ["cut"]
    await hear(contact(ANN), wanted())
    await send()
    assert states(await ledger()) == ["planned"]
    await let_pass()
    await send()
    assert (states(await ledger()), len(mails.received)) == (["accepted"], 1)


async def test_a_connection_that_the_server_has_left_is_made_anew_without_an_attempt_lost(
    define, hear, send, mails, ledger
):
    await define(connections=1)
    await hear(contact(ANN), wanted())
    await send()
    mails.script["MAIL"] = ["cut"]
    await hear(contact(BOB), wanted(BOB))
    await send()
    assert [(row.state, row.attempts) for row in await ledger()] == [("accepted", 1), ("accepted", 1)]
    assert mails.sessions == 2


async def test_a_marketing_message_in_doubt_is_not_sent_again(
    define, hear, send, mails, ledger, said, let_pass
):
    await define()
    mails.script["DATA"] = ["cut"]
    await hear(contact(ANN), wanted())
    await send()
    (row,) = await ledger()
    assert row.state == "unknown"
    (failed,) = await said()
    assert isinstance(failed, MessageFailed)
    assert failed.data.reason.startswith("unknown: ")
    assert "not re-sent" in failed.data.reason
    await let_pass()
    assert await send() == 0
    assert len(mails.received) == 1


async def test_a_transactional_message_in_doubt_is_sent_again(
    define, hear, send, mails, ledger, said, let_pass
):
    await define()
    mails.script["DATA"] = ["cut"]
    await hear(contact(ANN), wanted(message_class="transactional"))
    await send()
    (row,) = await ledger()
    assert (row.state, row.attempts) == ("planned", 1)
    assert "in doubt" in row.reason
    await let_pass()
    await send()
    first, second = mails.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert states(await ledger()) == ["accepted"]
    assert len(await said()) == 1


async def test_an_answer_that_does_not_come_in_time_leaves_it_in_doubt(
    define, hear, settings, make_sending, mails, ledger, database
):
    await define()
    mails.slow = asyncio.Event()
    sending = make_sending()
    sending._settings = settings.model_copy(update={"answer_seconds": 0.05})
    await hear(contact(ANN), wanted())
    await sending.run(database)
    assert states(await ledger()) == ["unknown"]


@pytest.mark.parametrize(
    ("attributes", "email", "says"),
    [
        ({"name": "x\r\nBcc: evil@example.com"}, "a@example.com", "line break"),
        ({"name": "x\nBcc: evil@example.com"}, "a@example.com", "line break"),
        ({"name": "x\u2028y"}, "a@example.com", "control character"),
        ({}, "a@example.com>\r\nBcc: <evil@example.com", "not an address"),
        ({}, "a@example.com, evil@example.com", "not an address"),
        ({}, "plain", "not an address"),
    ],
)
async def test_nobody_can_write_headers_through_their_own_name(
    define, hear, send, mails, ledger, said, attributes, email, says
):
    await define()
    await hear(contact(ANN, email=email, **attributes), wanted())
    await hear(contact(BOB), wanted(BOB))
    await send()
    assert states(await ledger()) == ["failed", "accepted"]
    (failed,) = await said(MessageFailed)
    assert says in failed.data.reason
    assert mails.recipients == ["2@example.com"]


async def test_encoded_words_are_shown_and_not_decoded(define, hear, send, mails):
    await define()
    tricky = "=?utf-8?q?hi=0ABcc=3A_evil=40x.com?="
    await hear(contact(ANN, name=tricky), wanted())
    await send()
    assert b"\nBcc" not in mails.received[0]
    (message,) = mails.messages
    assert message["Subject"] == f"Hello {tricky}"
