from datetime import timedelta
from email.message import Message

import pytest
from canvass_channels.domain.consent import Consent, changed, united
from canvass_runtime.links import Links
from canvass_schemas.channels import ConsentChanged, MessageSuppressed
from canvass_schemas.tracking import ContactMerged, ContactMergedData

from services.channels.tests.conftest import ANN, BOB, CAT, NOON, contact, wanted

YES, NO = Consent("subscribed", "api", 3, NOON), Consent("unsubscribed", "page", 5, NOON)
LATER = NOON + timedelta(days=1)


def test_who_says_the_same_again_changes_nothing():
    assert changed(NO, "unsubscribed", "one_click", LATER) is None
    assert changed(None, "unsubscribed", "one_click", LATER) == Consent("unsubscribed", "one_click", 1, LATER)
    assert changed(NO, "subscribed", "api", LATER) == Consent("subscribed", "api", 6, LATER)


@pytest.mark.parametrize(
    ("winner", "loser", "after"),
    [
        (None, NO, Consent("unsubscribed", "page", 6, LATER)),
        (YES, NO, Consent("unsubscribed", "page", 6, LATER)),
        (NO, YES, None),
        (NO, NO, None),
        (YES, YES, None),
    ],
)
def test_of_two_who_were_one_whoever_unsubscribed_has(winner, loser, after):
    assert united(winner, loser, LATER) == after


async def test_marketing_offers_to_unsubscribe_by_one_click(define, hear, send, mails, settings):
    await define()
    await hear(contact(ANN), contact(BOB), wanted(), wanted(BOB, "transactional"))
    await send()
    marketing, transactional = sorted(mails.messages, key=lambda message: message["To"])
    url = one_click_url(marketing)
    assert url.startswith(f"{settings.public_url}/u/")
    assert marketing["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert transactional["List-Unsubscribe"] is None


async def test_one_click_unsubscribes_at_once_and_looking_does_not(
    define, hear, send, mails, client, said, ledger
):
    await define()
    await hear(contact(ANN), wanted(), wanted(step="receipt", message_class="transactional"))
    client.headers.pop("Authorization")
    await send()
    url = one_click_url(next(one for one in mails.messages if one["List-Unsubscribe"]))
    path = url.removeprefix("http://127.0.0.1:8105")
    page = await client.get(path)
    assert (page.status_code, '<form method="post">' in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-store"
    assert await said(ConsentChanged) == []
    for _ in range(2):
        done = await client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, done.history) == (200, [])
    (fact,) = await said(ConsentChanged)
    assert (fact.subject, fact.data.channel, fact.data.status, fact.data.reason, fact.revision) == (
        ANN, "email", "unsubscribed", "one_click", 1,
    )  # fmt: skip
    await hear(wanted(step="next"), wanted(step="invoice", message_class="transactional"))
    await send()
    assert [(row.step, row.state) for row in await ledger()] == [
        ("invoice", "accepted"), ("next", "suppressed"), ("receipt", "accepted"), ("welcome", "accepted"),
    ]  # fmt: skip
    (suppressed,) = await said(MessageSuppressed)
    assert suppressed.data.reason == "the contact has unsubscribed from email"


async def test_what_waits_for_another_attempt_honours_it_too(
    define, hear, send, mails, ledger, client, let_pass
):
    await define()
    mails.script["RCPT"] = ["450 later"]
    await hear(contact(ANN), wanted())
    await send()
    await client.put(f"/contacts/{ANN}/consents/email", json={"status": "unsubscribed"})
    await let_pass()
    await send()
    assert [(row.state, len(mails.received)) for row in await ledger()] == [("suppressed", 0)]


@pytest.mark.parametrize("token", ["x", "x" * 4_000, "WyJhIl0.AAAA"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_forged_link_unsubscribes_nobody(client, said, token, method):
    answer = await client.request(method, f"/u/{token}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert await said() == []


async def test_whoever_was_merged_speaks_for_the_one_that_lives_on(hear, client, settings, said, database):
    token = Links.of(settings.link_secret).unsubscribe_token(ANN, "email", CAT)
    await hear(contact(ANN), contact(BOB))
    await hear(ContactMerged.of(ContactMergedData(into=BOB, revision=2), subject=ANN, time=NOON))
    await client.post(f"/u/{token}")
    (fact,) = await said(ConsentChanged)
    assert (fact.subject, fact.data.reason) == (BOB, "page")


async def test_a_merge_carries_what_was_said(hear, client, said):
    await hear(contact(ANN), contact(BOB))
    await client.put(f"/contacts/{ANN}/consents/sms", json={"status": "unsubscribed"})
    await said()
    await hear(ContactMerged.of(ContactMergedData(into=BOB, revision=2), subject=ANN, time=NOON))
    (fact,) = await said(ConsentChanged)
    assert (fact.subject, fact.data.channel, fact.data.status, fact.revision) == (
        BOB,
        "sms",
        "unsubscribed",
        2,
    )


async def test_consents_are_read_and_said_for_a_contact(hear, client):
    await hear(contact(ANN))
    items = (await client.get(f"/contacts/{ANN}/consents")).json()["items"]
    assert [(one["channel"], one["status"], one["reason"]) for one in items] == [
        ("email", "subscribed", None), ("sms", "subscribed", None),
    ]  # fmt: skip
    put = await client.put(f"/contacts/{ANN}/consents/email", json={"status": "unsubscribed"})
    assert (put.status_code, put.json()["reason"]) == (200, "api")
    assert (await client.get(f"/contacts/{ANN}/consents")).json()["items"][0]["status"] == "unsubscribed"
    assert (
        await client.put(f"/contacts/{CAT}/consents/email", json={"status": "subscribed"})
    ).status_code == 404
    assert (
        await client.put(f"/contacts/{ANN}/consents/fax", json={"status": "subscribed"})
    ).status_code == 422


def one_click_url(message: Message) -> str:
    return str(message["List-Unsubscribe"]).strip("<>")
