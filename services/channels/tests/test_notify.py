from services.channels.tests.conftest import ANN, contact, wanted


def to_sales(**changes):
    return wanted(channel="notify", template=None, destination="sales", **changes)


async def test_people_of_ours_are_told_about_a_contact(define, put_destination, hear, send, mails, ledger):
    await define()
    await put_destination("sales", kind="notify", recipients=["ann@ours.example", "bob@ours.example"])
    await hear(contact(ANN), to_sales(values={"score": 100}))
    await send()
    (message,) = mails.messages
    assert message["Subject"] == "1@example.com"
    assert [one.addr_spec for one in message["To"].addresses] == ["ann@ours.example", "bob@ours.example"]
    assert "score: 100" in message.get_content()
    assert "campaign hot-leads" in message.get_content()
    assert message["List-Unsubscribe"] is None
    assert mails.recipients == ["ann@ours.example", "bob@ours.example"]
    assert [(row.state, row.destination) for row in await ledger()] == [("accepted", "sales")]


async def test_they_are_told_in_the_words_of_the_destination(define, put_destination, hear, send, mails):
    await define()
    words = {"subject": "Hot: {{ contact.name }}", "text": "Call {{ contact.email }}: {{ values.score }}"}
    await put_destination("sales", kind="notify", recipients=["ann@ours.example"], **words)
    await hear(contact(ANN), to_sales(values={"score": 100}))
    await send()
    (message,) = mails.messages
    assert (message["Subject"], message.get_content().strip()) == ("Hot: Ann", "Call 1@example.com: 100")


async def test_one_who_has_left_does_not_keep_it_from_the_others(
    define, put_destination, hear, send, mails, ledger
):
    await define()
    await put_destination("sales", kind="notify", recipients=["gone@ours.example", "bob@ours.example"])
    mails.script["RCPT"] = ["550 no such user"]
    await hear(contact(ANN), to_sales())
    await send()
    assert mails.recipients == ["bob@ours.example"]
    assert [row.state for row in await ledger()] == ["accepted"]


async def test_a_contact_without_an_address_can_be_told_of(define, put_destination, hear, send, mails):
    await define()
    await put_destination("sales", kind="notify", recipients=["ann@ours.example"])
    await hear(contact(ANN, email=None), to_sales())
    await send()
    assert str(ANN) in mails.messages[0]["Subject"]
