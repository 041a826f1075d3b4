import asyncio

from canvass_channels.tables import contacts, deliveries, messaging
from canvass_messaging.contacts import lock
from canvass_messaging.timers import Wake
from canvass_schemas.channels import MessageSent
from canvass_schemas.ids import derived
from canvass_schemas.tracking import ContactMerged, ContactMergedData
from sqlalchemy import select

from services.channels.tests.conftest import ANN, BOB, CAT, NOON, contact, wanted


def states(rows):
    return [row.state for row in rows]


async def test_what_is_wanted_is_sent_once_and_said(define, hear, send, mails, ledger, said, clock):
    await define()
    request = wanted()
    assert Wake("sending") in await hear(contact(ANN), request)
    assert await send() == 1
    (message,) = mails.messages
    assert (message["Subject"], message["To"], message["From"]) == (
        "Hello Ann",
        "1@example.com",
        "Canvass <hello@example.com>",
    )
    assert message["Message-ID"] == f"<{request.data.effect_id}@example.com>"
    parts = {part.get_content_type(): part.get_content().replace("\r", "") for part in message.iter_parts()}
    assert parts["text/plain"] == "Hello Ann,\nwelcome.\n"
    assert parts["text/html"].startswith("<p>Hello Ann</p><img src=")
    (row,) = await ledger()
    assert (row.state, row.attempts, row.provider_id, row.lease_until) == ("accepted", 1, "4F2A", None)
    (sent,) = await said()
    assert isinstance(sent, MessageSent)
    assert (sent.subject, sent.data.effect_id, sent.data.provider_id) == (ANN, request.data.effect_id, "4F2A")
    assert (sent.causationid, sent.correlationid, sent.hops) == (request.id, request.id, 1)
    await hear(request, request)
    assert await send() == 0
    assert len(mails.received) == 1


async def test_connections_are_kept_between_messages(define, hear, send, mails, ledger):
    await define(connections=3)
    ids = [derived("contact", number) for number in range(40)]
    await hear(*(contact(id_, email=f"{id_}@example.com") for id_ in ids), *map(wanted, ids))
    assert await send() == 40
    await hear(*(wanted(id_, step="again") for id_ in ids))
    assert await send() == 40
    assert mails.sessions == 3
    assert len(set(mails.recipients)) == 40
    assert set(states(await ledger())) == {"accepted"}


async def test_a_template_is_used_as_it_is_when_the_message_leaves(define, hear, send, mails, put):
    await define()
    await hear(contact(ANN), contact(BOB), wanted())
    await send()
    await put(name="W", subject="Second", text="2", html=None)
    await hear(wanted(BOB))
    await send()
    assert [message["Subject"] for message in mails.messages] == ["Hello Ann", "Second"]
    assert mails.messages[1].get_content_type() == "text/plain"


async def test_a_server_that_is_away_loses_nothing_and_is_given_a_rest(
    define, hear, send, mails, ledger, said, let_pass, make_sending, database, put_sender
):
    await define(port=1)
    await hear(contact(ANN), wanted())
    await send()
    (row,) = await ledger()
    assert (row.state, row.attempts) == ("planned", 0)
    assert "connect" in row.reason.lower()
    await let_pass()
    assert await send() == 0  # it rests
    url = f"smtp://127.0.0.1:{mails.port}"
    await put_sender(url=url, from_address="a@example.com", connections=1)
    await make_sending().run(database)
    assert states(await ledger()) == ["accepted"]


async def test_a_server_that_is_away_holds_up_nobody_who_goes_by_another(
    define, hear, send, mails, ledger, put, put_sender
):
    await define(port=1)
    url = f"smtp://127.0.0.1:{mails.port}"
    await put_sender("other", url=url, from_address="a@example.com", connections=1)
    await put("bye", sender="other")
    await hear(contact(ANN), wanted())
    await send()
    await hear(wanted(step="again"), wanted(template="bye", step="bye"))
    await send()
    assert len(mails.received) == 1
    assert sorted(states(await ledger())) == ["accepted", "planned", "planned"]


async def test_two_processes_at_once_never_send_twice(define, hear, mails, make_sending, database, count):
    await define(connections=3)
    ids = [derived("contact", number) for number in range(150)]
    await hear(*(contact(id_, email=f"{id_}@example.com") for id_ in ids), *map(wanted, ids))
    both = [make_sending(), make_sending()]
    while await count(deliveries.c.state != "accepted"):
        await asyncio.gather(*(one.run(database) for one in both))
    assert sorted(mails.recipients) == sorted(f"{id_}@example.com" for id_ in ids)


async def test_what_is_held_by_somebody_else_is_left_to_a_later_look(
    define, hear, send, mails, database, ledger
):
    await define()
    await hear(contact(ANN), contact(BOB), wanted(), wanted(BOB))
    async with database.transaction() as tx:
        await lock(tx, contacts, [ANN])
        await send()
    assert states(await ledger()) == ["planned", "accepted"]
    await send()
    assert states(await ledger()) == ["accepted", "accepted"]


async def test_a_slow_answer_holds_nobody_else_up(define, hear, make_sending, database, mails, count):
    await define(connections=2)
    mails.slow = asyncio.Event()
    await hear(contact(ANN), contact(BOB), wanted())
    sending = make_sending()
    running = asyncio.create_task(sending.run(database))
    await mails.arrivals.get()
    stuck, mails.slow = mails.slow, None
    await hear(wanted(BOB))
    while not await count(deliveries.c.state == "accepted"):
        pass
    assert not running.done()
    stuck.set()
    await running
    assert await count(deliveries.c.state == "accepted") == 2


async def test_live_goes_before_bulk_and_what_follows_keeps_its_lane(
    define, hear, send, mails, database, said
):
    await define(connections=1)
    await hear(contact(ANN), contact(BOB), wanted(), lane="bulk")
    await hear(wanted(BOB))
    await send()
    assert mails.recipients == ["2@example.com", "1@example.com"]
    async with database.transaction() as tx:
        lanes = await tx.scalars(select(messaging.outbox.c.lane).order_by(messaging.outbox.c.id))
    assert lanes == ["live", "bulk"]


async def test_a_wave_takes_as_many_statements_however_large_it_is(
    define, hear, send, make_sending, database, statements, mails
):
    await define(connections=20)
    await hear(contact(ANN), wanted())
    await send()
    await mails.arrivals.get()
    taken = []
    for size, first in [(1, 100), (20, 1000)]:
        ids = [derived("contact", number) for number in range(first, first + size)]
        await hear(*(contact(id_, email=f"{id_}@example.com") for id_ in ids))
        statements.clear()
        await hear(*map(wanted, ids))
        planning = len(statements)
        mails.slow = asyncio.Event()
        sending = make_sending()
        statements.clear()
        running = asyncio.create_task(sending.run(database))
        for _ in range(size):
            await mails.arrivals.get()
        taken.append((planning, sum(not one.startswith("SELECT") for one in statements)))
        sending.stop()
        mails.slow.set()
        await running
    assert taken[0] == taken[1]


async def test_merged_contacts_keep_their_messages_and_get_them_once(define, hear, send, mails, ledger, said):
    await define()
    request = wanted()
    merged = ContactMerged.of(ContactMergedData(into=CAT, revision=2), subject=ANN, time=NOON)
    await hear(contact(ANN), contact(CAT), request)
    await hear(merged)
    await hear(request.model_copy(update={"id": derived("again")}))
    await send()
    (row,) = await ledger()
    assert (row.contact_id, row.state, mails.recipients) == (CAT, "accepted", ["3@example.com"])
    (sent,) = await said()
    assert sent.subject == CAT


async def test_a_contact_merged_while_its_message_is_under_way_is_settled(
    define, hear, make_sending, database, mails, ledger, count
):
    await define()
    mails.slow = asyncio.Event()
    await hear(contact(ANN), contact(CAT), wanted())
    running = asyncio.create_task(make_sending().run(database))
    await mails.arrivals.get()
    await hear(ContactMerged.of(ContactMergedData(into=CAT, revision=2), subject=ANN, time=NOON))
    mails.slow.set()
    await running
    assert [(row.contact_id, row.state) for row in await ledger()] == [(CAT, "accepted")]


async def test_a_server_that_allows_few_connections_is_sent_to_over_those(define, hear, send, mails, ledger):
    await define(connections=5)
    mails.most = 2
    ids = [derived("contact", number) for number in range(30)]
    await hear(*(contact(id_, email=f"{id_}@example.com") for id_ in ids), *map(wanted, ids))
    assert await send() == 30
    assert {(row.state, row.attempts) for row in await ledger()} == {("accepted", 1)}
