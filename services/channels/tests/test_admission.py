from datetime import timedelta

from canvass_schemas.campaigns import (
    CampaignPaused,
    CampaignPausedData,
    CampaignPublished,
    CampaignPublishedData,
)
from canvass_schemas.channels import MessageSuppressed

from services.channels.tests.conftest import ANN, BOB, NOON, contact, wanted

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


async def test_without_its_template_it_waits_for_it(define, hear, send, ledger, put):
    await define()
    await hear(contact(ANN), wanted(template="later"))
    await send()
    (row,) = await ledger()
    assert (row.state, row.reason) == ("planned", "no template: PUT /templates/later")
    assert await send() == 0
    await put("later")
    assert await send() == 1
    assert states(await ledger()) == ["accepted"]
