from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from canvass_channels.senders.headers import (
    LONGEST_SUBJECT,
    Mailbox,
    Unsendable,
    read_address,
    read_mailbox,
    subject_header,
)
from canvass_channels.senders.message import Content, Letterhead
from canvass_channels.senders.smtp import Server, read_server
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SENDER = Mailbox("Canvass", "hello@example.com")
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=400
)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=2_000)


def written(subject="Hello", text="Hello", html=None, to="ann@example.com", sender=SENDER):
    return Letterhead(sender).write(Content(subject, text, html), [to], UUID(int=7), NOON)


def parsed(envelope):
    return message_from_bytes(envelope.body, policy=policy.default)


def lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


@given(TEXTS)
def test_any_subject_is_read_as_it_was_written(subject):
    message = parsed(written(subject.strip()[:LONGEST_SUBJECT]))
    assert message["Subject"] == subject.strip()
    assert list(message.keys()) == [
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
        "Content-Transfer-Encoding",
    ]  # fmt: skip


@given(ANYTHING, ANYTHING | st.none())
def test_any_text_is_read_as_it_was_written(text, html):
    body = written(text=text, html=html).body
    message = message_from_bytes(body, policy=policy.default)
    parts = list(message.iter_parts()) if html is not None else [message]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"][: len(parts)]
    assert [lines(part.get_content()) for part in parts] == [
        lines(one) for one in (text, html) if one is not None
    ]


@given(ANYTHING, ANYTHING)
def test_what_goes_over_the_wire_is_plain_smtp(text, html):
    body = written(text=text, html=html).body
    assert body.isascii()
    assert body.endswith(b"\r\n")
    assert not body.startswith(b".")
    assert b"\r\n." not in body
    assert b"\r" not in body.replace(b"\r\n", b"")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(map(len, body.split(b"\r\n"))) <= 998


def test_what_every_message_has():
    message = parsed(written(html="<p>"))
    assert message["Date"] == "Tue, 01 Dec 2026 12:00:00 +0000"
    assert message["Message-ID"] == f"<{UUID(int=7)}@example.com>"
    assert message["From"] == "Canvass <hello@example.com>"
    assert message.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("character", ["\r", "\n", "\0", "\x0b", "\x7f", "\x85", "\u2028", "\ud800"])
def test_a_subject_can_begin_no_other_header(character):
    with pytest.raises(Unsendable, match="control character"):
        subject_header(f"a{character}Bcc: evil@example.com")


def test_a_subject_has_an_end():
    with pytest.raises(Unsendable, match="longer than 900"):
        subject_header("x" * 901)


@pytest.mark.parametrize(
    ("text", "mailbox", "header"),
    [
        ("hello@example.com", Mailbox("", "hello@example.com"), b"hello@example.com"),
        ("<hello@example.com>", Mailbox("", "hello@example.com"), b"hello@example.com"),
        ("Can Vass <h@example.com>", Mailbox("Can Vass", "h@example.com"), b'"Can Vass" <h@example.com>'),
        (
            '"A \\"B\\" C" <h@example.com>',
            Mailbox('A "B" C', "h@example.com"),
            b'"A \\"B\\" C" <h@example.com>',
        ),
        ("Jörg <h@example.com>", Mailbox("Jörg", "h@example.com"), b"=?utf-8?b?SsO2cmc=?= <h@example.com>"),
    ],
)
def test_who_sends_it(text, mailbox, header):
    assert read_mailbox(text) == mailbox
    assert mailbox.header() == header
    assert parsed(written(sender=mailbox))["From"].addresses[0].display_name == mailbox.name


@pytest.mark.parametrize(
    "text", ["", "nobody", "a@b\r\nBcc: c@d", "A <a@b> <c@d>", "a@b, c@d", "A <a@b>, <c@d>"]
)
def test_who_cannot_send_it(text):
    with pytest.raises(Unsendable):
        read_mailbox(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" ann@example.com ", "ann@example.com"),
        ("o'neil+tag@sub.example.co.uk", "o'neil+tag@sub.example.co.uk"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@[127.0.0.1]", "ann@[127.0.0.1]"),
        ("ann@localhost", "ann@localhost"),
        *(
            (text, None)
            for text in ["", "ann", "@example.com", "ann@", "a b@example.com", "ann@exa mple.com"]
        ),
        *(
            (text, None)
            for text in [
                "jörg@example.com",
                "ann@example..com",
                "a@b>",
                "a@b\nRCPT TO:<c@d>",
                "a@" + "b" * 300,
            ]
        ),
        *(
            (text, None)
            for text in ["<ann@example.com>", "ann@example.com,bob@example.com", '"ann"@example.com']
        ),
    ],
)
def test_who_it_is_for(text, address):
    if address is None:
        with pytest.raises(Unsendable):
            read_address(text)
    else:
        assert read_address(text) == address


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, None, None, False, None)),
        ("smtp://host", Server("host", 25, None, None, False, None)),
        ("smtp://me:a%40b@host", Server("host", 587, "me", "a@b", False, None)),
        ("smtps://me:pw@host", Server("host", 465, "me", "pw", True, False)),
        ("smtp://host?tls=required", Server("host", 25, None, None, False, True)),
        ("smtp://host?tls=never", Server("host", 25, None, None, False, False)),
        *(
            (url, None)
            for url in ["", "host", "http://host", "smtp://", "smtp://host:99999", "smtp://host/path"]
        ),
        *((url, None) for url in ["smtp://host?tls=maybe", "smtp://host?starttls=1", "smtp://[::1"]),
    ],
)
def test_where_a_mail_server_is(url, server):
    if server is None:
        with pytest.raises(Unsendable):
            read_server(url)
    else:
        assert read_server(url) == server
