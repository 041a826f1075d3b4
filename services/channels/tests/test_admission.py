from datetime import timedelta

from canvass_channels.domain.admission import NO_SENDER
from canvass_channels.use_cases import defining
from canvass_schemas.campaigns import (
    CampaignPaused,
    CampaignPausedData,
    CampaignPublished,
    CampaignPublishedData,
)
from canvass_schemas.channels import MessageFailed, MessageSuppressed

from services.channels.tests.conftest import ANN, BOB, NOON, TEMPLATE, contact, wanted

MINUTE = timedelta(minutes=1)


def states(rows):
    return [row.state for row in rows]


async def test_what_a_paused_campaign_wants_is_suppressed_until_it_is_published(
    define, hear, send, mails, ledger, said
):
    await define()
    paused = CampaignPaused.of(CampaignPausedData(campaign="hot-leads", reason="loop"), time=NOON + MINUTE)
    published = CampaignPublished.of(CampaignPublishedData(campaign="hot-leads", version=1), time=NOON)
    await hear(contact(ANN), contact(BOB), wanted(), wanted(BOB, campaign="other"), paused)
    await hear(published)  # said before, heard after
    await send()
    assert states(await ledger()) == ["suppressed", "accepted"]
    (suppressed,) = await said(MessageSuppressed)
    assert "'hot-leads' is paused" in suppressed.data.reason
    again = published.model_copy(update={"time": NOON + 2 * MINUTE})
    await hear(again, wanted(step="next"))
    await send()
    assert len(mails.received) == 2


async def test_without_an_address_it_is_suppressed_but_not_before_one_may_have_come(
    define, hear, send, mails, ledger, said, let_pass
):
    await define()
    await hear(contact(ANN, email=None), contact(BOB, email=None), wanted(), wanted(BOB))
    await send()
    assert [(row.state, row.reason) for row in await ledger()] == 2 * [("planned", "no e-mail address yet")]
    await hear(contact(BOB, 2))
    await let_pass(MINUTE)
    await send()
    assert states(await ledger()) == ["suppressed", "accepted"]
    (suppressed,) = await said(MessageSuppressed)
    assert (suppressed.subject, suppressed.data.reason) == (ANN, "no e-mail address")


async def test_without_a_sender_it_waits_for_one_and_a_day_at_most(
    define, hear, send, mails, ledger, said, let_pass, client, make_sending, database
):
    await hear(contact(ANN), wanted())
    assert await send() == 0
    (row,) = await ledger()
    shown = (await client.get(f"/deliveries/{row.effect_id}")).json()
    assert (shown["state"], shown["reason"]) == ("planned", NO_SENDER)
    await let_pass(timedelta(hours=23))
    assert await send() == 0
    await let_pass(timedelta(hours=2))
    assert await send() == 1
    (failed,) = await said(MessageFailed)
    assert NO_SENDER in failed.data.reason
    await hear(contact(BOB), wanted(BOB))
    await define()
    await send()
    assert states(await ledger()) == ["failed", "accepted"]


async def test_without_its_template_it_waits_for_it(define, hear, send, ledger, database):
    await define()
    await hear(contact(ANN), wanted(template="later"))
    await send()
    (row,) = await ledger()
    assert (row.state, row.reason) == ("planned", "no template: PUT /templates/later")
    assert await send() == 0
    async with database.transaction() as tx:
        await defining.put_template(tx, "later", None, **TEMPLATE)
    assert await send() == 1
    assert states(await ledger()) == ["accepted"]
