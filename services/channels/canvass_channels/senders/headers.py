"""Text that goes into headers and envelopes: encoded so that it can be nothing else, or refused."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_SUBJECT = 900

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*|\[[0-9A-Fa-f.:]{3,45}\]")
_MAILBOX = re.compile(r'(?:(?:"((?:[^"\\]|\\.)*)"|([^"<>]*))\s*<([^<>]+)>)|([^<>\s]+)')
_ESCAPED = re.compile(r"\\(.)")
_WORD_BYTES = 45  # of text in one encoded word, which must not be longer than 75 characters (RFC 2047 §2)


class Unsendable(Exception):
    """This can never be sent as it is. The text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, which may be empty, and an address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]

    def header(self) -> bytes:
        """As it stands in a From header."""
        if not self.name:
            return self.address.encode()
        quoted = self.name.replace("\\", "\\\\").replace('"', '\\"')
        name = f'"{quoted}"'.encode() if _is_plain(self.name) else _encoded(self.name)
        return name + b" <" + self.address.encode() + b">"


def read_mailbox(text: str) -> Mailbox:
    """`Canvass <hello@example.com>`, or the address alone. Raises Unsendable."""
    _refuse_controls(text, "The sender")
    found = _MAILBOX.fullmatch(text.strip())
    if found is None:
        raise Unsendable(f"{text[:200]!r} is not an address such as Canvass <hello@example.com>")
    quoted, plain, address, alone = found.groups(default="")
    return Mailbox(_ESCAPED.sub(r"\1", quoted) or plain.strip(), read_address(address or alone))


def read_address(text: str) -> str:
    """One address in ASCII; the domain may have come in any script. Raises Unsendable."""
    local, at, domain = text.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode()
        except UnicodeError:
            at = ""
    if not (at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise Unsendable(f"{text[:200]!r} is not an address that mail can be sent to")
    return f"{local}@{domain}"


def subject_header(text: str) -> bytes:
    """A rendered subject as it stands in the header. Raises Unsendable: a line break would begin another."""
    text = text.strip()
    _refuse_controls(text, "The subject")
    if len(text) > LONGEST_SUBJECT:
        raise Unsendable(f"The subject is longer than {LONGEST_SUBJECT} characters")
    return text.encode() if _is_plain(text) else _encoded(text)


def _refuse_controls(text: str, what: str) -> None:
    if found := _CONTROLS.search(text):
        raise Unsendable(f"{what} holds a line break or another control character ({found[0]!a})")


def _is_plain(text: str) -> bool:
    """Whether it can stand as it is: nobody would decode anything in it."""
    return text.isascii() and "=?" not in text


def _encoded(text: str) -> bytes:
    """In encoded words, a line each."""
    return b"\r\n ".join(b"=?utf-8?b?" + b64encode(part) + b"?=" for part in _parts(text))


def _parts(text: str) -> Iterator[bytes]:
    """As UTF-8 in short parts, none of which ends within a character."""
    part = b""
    for character in text:
        encoded = character.encode()
        if len(part) + len(encoded) > _WORD_BYTES:
            yield part
            part = b""
        part += encoded
    yield part
