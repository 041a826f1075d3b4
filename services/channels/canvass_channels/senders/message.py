"""A message as it goes over the wire: everything that is the same for all contacts is put together once."""

from binascii import b2a_qp
from collections.abc import Mapping, Sequence
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
    """One message, ready to be handed over. `body` needs no stuffing of dots."""

    sender: bytes
    recipients: tuple[bytes, ...]
    body: bytes


class Letterhead:
    """All of a message that depends on its sender alone."""

    def __init__(self, sender: Mailbox) -> None:
        self._sender = sender.address.encode()
        self._from = b"From: " + sender.header() + b"\r\nTo: "
        self._domain = sender.domain.encode()

    def write(
        self,
        content: Content,
        to: Sequence[str],
        effect_id: UUID,
        now: datetime,
        unsubscribe_url: str | None = None,
    ) -> Envelope:
        """The message for one contact or, to people of ours, about one. Raises Unsendable.

        One effect has one Message-ID for ever. With an URL, mail programs offer to unsubscribe (RFC 8058).
        """
        recipients = tuple(read_address(one).encode() for one in to)
        head = (
            self._from + b",\r\n ".join(b"<" + one + b">" for one in recipients),
            b"\r\nSubject: " + subject_header(content.subject),
            b"\r\nDate: " + format_datetime(now).encode(),
            b"\r\nMessage-ID: <" + str(effect_id).encode() + b"@" + self._domain + b">\r\n",
            *(one.encode() for one in header_lines(unsubscribing(unsubscribe_url))),
            b"MIME-Version: 1.0\r\n",
        )
        return Envelope(self._sender, recipients, b"".join((*head, *_parts(content))))


def unsubscribing(url: str | None) -> dict[str, str]:
    """The headers of RFC 8058."""
    if url is None:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def header_lines(headers: Mapping[str, str]) -> list[str]:
    """Headers of our own making, a line each."""
    return [f"{name}: {value}\r\n" for name, value in headers.items()]


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
