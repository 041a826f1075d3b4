from datetime import timedelta

from canvass_channels.store import shelf
from canvass_channels.tables import shelf as shelf_table
from canvass_schemas.channels import MessageFailed, MessageSent
from canvass_schemas.ids import derived
from sqlalchemy import update

from services.channels.tests.conftest import ANN, BOB, contact, wanted


async def test_without_a_sender_messages_lie_in_the_outbox(put, hear, send, ledger, said, client):
    await put()
    await put("thanks", channel="sms", subject="", text="Thanks!", html=None)
    await hear(
        contact(ANN, phone="+14165550123"), wanted(), wanted(step="sms", channel="sms", template="thanks")
    )
    assert await send() == 2
    assert [(row.state, row.provider_id) for row in await ledger()] == 2 * [("accepted", "outbox")]
    assert [fact.data.provider_id for fact in await said(MessageSent)] == ["outbox", "outbox"]
    items = (await client.get("/outbox")).json()["items"]
    assert {(one["channel"], *one["to"], one["subject"]) for one in items} == {
        ("email", "1@example.com", "Hello Ann"), ("sms", "+14165550123", ""),
    }  # fmt: skip
    whole = (await client.get(f"/outbox/{derived(ANN, 'welcome')}")).json()
    assert whole["text"] == "Hello Ann,\nwelcome.\n"
    assert whole["html"].startswith("<p>Hello Ann</p>")
    assert whole["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (await client.get(f"/outbox/{BOB}")).status_code == 404


async def test_the_outbox_is_listed_in_pages(put, hear, send, client):
    await put()
    await hear(contact(ANN), *(wanted(step=str(number)) for number in range(5)))
    await send()
    first = (await client.get("/outbox?limit=3")).json()
    rest = (await client.get(f"/outbox?limit=3&cursor={first['next_cursor']}")).json()
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 5


async def test_nobody_can_write_headers_there_either(put, hear, send, said):
    await put()
    await hear(contact(ANN, name="x\r\nBcc: evil@example.com"), wanted())
    await send()
    assert "line break" in (await said(MessageFailed))[0].data.reason


async def test_what_lies_there_for_long_is_thrown_away(put, hear, send, database, client):
    await put()
    await hear(contact(ANN), contact(BOB), wanted())
    await send()
    async with database.transaction() as tx:
        old = shelf_table.c.kept_at - timedelta(days=31)
        await tx.execute(update(shelf_table).values(kept_at=old))
    await hear(wanted(BOB))
    await send()
    async with database.transaction() as tx:
        assert await tx.scalar(shelf.next_clearing(None)) < 0
        assert await shelf.clear(tx) == 1
    assert len((await client.get("/outbox")).json()["items"]) == 1
