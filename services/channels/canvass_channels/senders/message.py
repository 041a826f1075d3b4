"""A message as it goes over the wire: everything that is the same for all contacts is put together once."""

from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from uuid import UUID

from .headers import Mailbox, read_address, subject_header

# "=_" cannot come about in quoted-printable text, so the boundary needs no look into the parts.
_BOUNDARY = b"=_canvass_alternative"
_PART = b'; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'


@dataclass(frozen=True, slots=True)
class Content:
    """What a template says to one contact."""

    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one address, ready to be handed over. `body` needs no stuffing of dots."""

    sender: bytes
    recipient: bytes
    body: bytes


class Letterhead:
    """All of a message that depends on its sender alone."""

    def __init__(self, sender: Mailbox) -> None:
        self._sender = sender.address.encode()
        self._from = b"From: " + sender.header() + b"\r\nTo: <"
        self._domain = sender.domain.encode()

    def write(self, content: Content, email: str, effect_id: UUID, now: datetime) -> Envelope:
        """The message for one contact. Raises Unsendable. One effect has one Message-ID for ever."""
        recipient = read_address(email).encode()
        head = (
            self._from + recipient,
            b">\r\nSubject: " + subject_header(content.subject),
            b"\r\nDate: " + format_datetime(now).encode(),
            b"\r\nMessage-ID: <" + str(effect_id).encode() + b"@" + self._domain,
            b">\r\nMIME-Version: 1.0\r\n",
        )
        return Envelope(self._sender, recipient, b"".join((*head, *_parts(content))))


def _parts(content: Content) -> tuple[bytes, ...]:
    text = b"Content-Type: text/plain" + _PART, _quoted(content.text)
    if content.html is None:
        return text
    between = b"\r\n--" + _BOUNDARY + b"\r\n"
    html = b"Content-Type: text/html" + _PART, _quoted(content.html)
    together = b'Content-Type: multipart/alternative; boundary="' + _BOUNDARY + b'"\r\n'
    return (together, between, *text, between, *html, b"\r\n--" + _BOUNDARY + b"--\r\n")


def _quoted(text: str) -> bytes:
    """Quoted-printable with CRLF, in which no line begins with a dot."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    if not lines.endswith("\r\n"):
        lines += "\r\n"  # by it b2a_qp knows how to break lines of its own
    quoted = b2a_qp(lines.encode("utf-8", "replace"), istext=True)
    return (b"\r\n" + quoted).replace(b"\r\n.", b"\r\n=2E")[2:]
