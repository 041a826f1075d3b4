import asyncio

import pytest
from canvass_channels.tables import deliveries
from canvass_messaging import failpoints
from canvass_messaging.failpoints import FailpointReached
from canvass_schemas.channels import MessageFailed, MessageSent
from canvass_schemas.ids import derived

from services.channels.tests.conftest import ANN, BOB, contact, wanted


def states(rows):
    return [row.state for row in rows]


async def crash(at, send, database, hear):
    await hear(contact(ANN), contact(BOB), wanted(), wanted(BOB, "transactional"))
    failpoints.arm(f"{at}=raise")
    with pytest.raises(FailpointReached):
        await send()
    failpoints.arm("")


@pytest.mark.parametrize(
    ("at", "left", "marketing", "transactional"),
    [
        pytest.param("deliveries.after_claim", "claimed", "accepted", "accepted", id="claimed"),
        pytest.param("deliveries.attempting", "attempting", "unknown", "accepted", id="before the bytes"),
        pytest.param("deliveries.after_answer", "attempting", "unknown", "accepted", id="after the answer"),
        pytest.param("deliveries.before_settle", "attempting", "unknown", "accepted", id="while settling"),
        pytest.param("deliveries.after_settle", "accepted", "accepted", "accepted", id="settled"),
    ],
)
async def test_every_send_is_accounted_for_wherever_a_process_ends(
    define, hear, make_sending, database, mails, ledger, said, let_pass, take_back, at, left, marketing,
    transactional,
):  # fmt: skip
    await define(connections=2)
    await crash(at, lambda: make_sending().run(database), database, hear)
    assert left in states(await ledger())
    assert await take_back() == 0  # their leases run
    await let_pass()
    await take_back()
    await let_pass()
    await make_sending().run(database)
    assert states(await ledger()) == [marketing, transactional]
    outcomes = {fact.subject: type(fact) for fact in await said()}
    assert outcomes[BOB] is MessageSent
    assert outcomes[ANN] is (MessageSent if marketing == "accepted" else MessageFailed)
    assert mails.recipients.count("1@example.com") <= 1


async def test_a_claim_that_was_lost_is_not_attempted(
    define, hear, make_sending, database, mails, let_pass, take_back
):
    """The first process stalls after its claim; a second one sends; the first wakes up, and must not."""
    await define()
    await hear(contact(ANN), wanted())
    first, second = make_sending(), make_sending()
    failpoints.arm("deliveries.after_claim=raise")
    with pytest.raises(FailpointReached):
        await first.run(database)
    failpoints.arm("")
    await let_pass()
    await take_back()
    await second.run(database)
    assert len(mails.received) == 1
    await first.run(database)
    assert len(mails.received) == 1


async def test_a_process_that_ends_gives_back_what_it_has_claimed(
    define, hear, make_sending, database, mails, count
):
    await define(connections=1)
    mails.slow = asyncio.Event()
    ids = [derived("contact", number) for number in range(20)]
    await hear(*(contact(id_, email=f"{id_}@example.com") for id_ in ids), *map(wanted, ids))
    sending = make_sending()
    running = asyncio.create_task(sending.run(database))
    await mails.arrivals.get()
    sending.stop()
    mails.slow.set()
    await running
    assert await count(deliveries.c.state == "accepted") == 1
    assert await count(deliveries.c.state == "planned") == 19
