import pytest
from canvass_channels.senders.connections import Connections
from canvass_channels.senders.headers import Mailbox
from canvass_channels.senders.message import Content, Letterhead
from canvass_channels.senders.smtp import Server, Unreachable

from services.channels.tests.conftest import ANN, NOON

ENVELOPE = Letterhead(Mailbox("", "hello@example.com")).write(
    Content("Hello", ".\n..\nHello", None), ["ann@example.com"], ANN, NOON
)


@pytest.fixture
async def connections(mails):
    connections = Connections(Server("127.0.0.1", mails.port, None, None, False, None), 3, 5)
    yield connections
    await connections.close()


async def test_no_more_are_open_than_wanted_or_allowed(connections, mails):
    assert await connections.open(1) == 1
    assert await connections.open(10) == 3
    assert (await connections.send(ENVELOPE)).code == 250
    assert await connections.open(3) == 3
    assert mails.sessions == 3


async def test_lines_of_dots_arrive_as_they_were_written(connections, mails):
    await connections.open(1)
    await connections.send(ENVELOPE)
    assert mails.messages[0].get_content().split() == [".", "..", "Hello"]


async def test_when_the_last_connection_is_gone_the_server_is_away(connections, mails):
    mails.most = 1
    assert await connections.open(2) == 1  # and the server is not asked for more so soon
    mails.script["MAIL"] = ["cut"]
    answer = await connections.send(ENVELOPE)
    assert (answer.stage, answer.code) == ("session", None)
    with pytest.raises(Unreachable, match="too many connections"):
        await connections.open(1)
    assert connections.rest > 0


async def test_a_server_that_does_not_speak_smtp_is_away(mails):
    nobody = Connections(Server("127.0.0.1", 1, None, None, False, None), 3, 5)
    with pytest.raises(Unreachable, match="connect"):
        await nobody.open(1)
    assert nobody.rest > 0


async def test_a_login_that_fails_loses_no_message(mails):
    wrong = Connections(Server("127.0.0.1", mails.port, "me", "wrong", False, None), 1, 5)
    with pytest.raises(Unreachable, match="AUTH"):
        await wrong.open(1)
