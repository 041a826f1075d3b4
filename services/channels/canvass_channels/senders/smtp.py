"""One kept connection to a mail server, and what the server says to each message."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import SMTP, SMTPException
from aiosmtplib.response import SMTPResponse

from canvass_channels.domain.model import Answer, Stage

from .headers import Unsendable
from .message import Envelope

CONNECT_SECONDS = 10.0
MESSAGES_A_CONNECTION = 500
"""Servers limit this; a new connection now and then also finds a server that was added."""
IDLE_SECONDS = 30.0
"""After a longer pause a connection is made anew: the server may have left it."""

_GONE = 421
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ufffd]+")
_NAMED = re.compile(r"(?:queued as|queued|id)[ =:]+<?([\w.@+/=-]{4,200})", re.IGNORECASE)

TLS = {"auto": None, "required": True, "never": False}


@dataclass(frozen=True, slots=True)
class Server:
    """Where a mail server is and how it is spoken to."""

    host: str
    port: int
    user: str | None
    password: str | None
    implicit_tls: bool
    start_tls: bool | None
    """None: if the server offers it."""


def read_server(url: str) -> Server:
    """`smtp://user:password@host:587?tls=required` (or auto, never), or `smtps://`. Raises Unsendable."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise Unsendable("is not a URL such as smtp://user:password@host:587") from None
    query = parse_qs(parts.query)
    tls = query.pop("tls", ["auto"])[-1]
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/") or query or tls not in TLS:
        raise Unsendable(
            "must be as smtp://user:password@host:587?tls=required (auto, never) or smtps://host"
        )
    implicit = parts.scheme == "smtps"
    return Server(
        host=host,
        port=port or (465 if implicit else 587 if parts.username else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        implicit_tls=implicit,
        start_tls=False if implicit else TLS[tls],
    )


class Unreachable(Exception):
    """No connection could be had; the text says why."""


class Connection:
    """A connection that is opened once, and carries one message at a time."""

    def __init__(self, server: Server, our_name: str, answer_seconds: float) -> None:
        self._seconds = answer_seconds
        self._smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.implicit_tls,
            start_tls=server.start_tls,
            timeout=CONNECT_SECONDS,
            local_hostname=our_name,
        )
        self._carried = 0
        self._used_at = 0.0

    @property
    def is_usable(self) -> bool:
        """Whether it is open, and neither worn out nor idle for so long that the server may have left it."""
        idle = asyncio.get_running_loop().time() - self._used_at
        return self._smtp.is_connected and self._carried < MESSAGES_A_CONNECTION and idle < IDLE_SECONDS

    @property
    def was_left(self) -> bool:
        """Whether it had served before and is closed now."""
        return self._carried > 0 and not self._smtp.is_connected

    async def open(self) -> None:
        """Connect, greet, log in. Raises Unreachable."""
        try:
            async with asyncio.timeout(2 * CONNECT_SECONDS):
                await self._smtp.connect()
                if self._smtp.is_ehlo_or_helo_needed:
                    await self._smtp.ehlo()
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            self._smtp.close()
            raise Unreachable(_words(str(error) or type(error).__name__)) from error
        self._used_at = asyncio.get_running_loop().time()

    async def send(self, envelope: Envelope) -> Answer:
        """Hand one message over. Whatever happens is an answer; a connection that is in doubt is closed."""
        talk = _Talk(self._smtp, self._seconds)
        try:
            async with asyncio.timeout(self._seconds):
                answer = await talk.hand_over(envelope)
        except (SMTPException, OSError, TimeoutError) as error:
            self._smtp.close()
            return Answer(talk.stage, None, _words(str(error) or type(error).__name__))
        except BaseException:
            self._smtp.close()
            raise
        self._carried += 1
        self._used_at = asyncio.get_running_loop().time()
        return answer

    async def close(self) -> None:
        """Say goodbye, for a second at most."""
        try:
            async with asyncio.timeout(1):
                await self._smtp.quit()
        except (SMTPException, OSError, TimeoutError):
            pass
        finally:
            self._smtp.close()


class _Talk:
    """One message's way through SMTP (RFC 5321 §3.3), and how far it has come when something fails."""

    def __init__(self, smtp: SMTP, seconds: float) -> None:
        self._smtp = smtp
        self._seconds = seconds
        self.stage: Stage = "session"

    async def hand_over(self, envelope: Envelope) -> Answer:
        refused = await self._say(b"MAIL", b"FROM:<" + envelope.sender + b">")  # refused: our own fault
        if refused:
            return refused
        self.stage = "envelope"
        refused = await self._address(envelope.recipients) or await self._say(b"DATA")
        return refused or await self._pour(envelope.body)

    async def _address(self, recipients: Sequence[bytes]) -> Answer | None:
        """None when one of them at least is taken: of several people of ours one may have left."""
        refusals: list[SMTPResponse] = []
        for recipient in recipients:
            response = await self._smtp.execute_command(
                b"RCPT", b"TO:<" + recipient + b">", timeout=self._seconds
            )
            if response.code // 100 != 2:
                refusals.append(response)
        if len(refusals) < len(recipients):
            return None
        await self._begin_anew()
        return _answer(self.stage, refusals[-1])

    async def _say(self, *command: bytes) -> Answer | None:
        """None when it is well; else what was said, after which the server expects another message."""
        response = await self._smtp.execute_command(*command, timeout=self._seconds)
        if response.code // 100 in (2, 3):
            return None
        await self._begin_anew()
        return _answer(self.stage, response)

    async def _begin_anew(self) -> None:
        """What was said stands, whether or not the connection can be used again."""
        try:
            await self._smtp.execute_command(b"RSET", timeout=self._seconds)
        except (SMTPException, OSError, TimeoutError):
            self._smtp.close()

    async def _pour(self, body: bytes) -> Answer:
        """From its first byte on, the message may be taken, whatever we hear."""
        protocol = self._smtp.protocol
        if protocol is None:
            raise ConnectionResetError("Connection lost")
        self.stage = "message"
        protocol.write(body + b".\r\n")
        response = await protocol.read_response(timeout=self._seconds)
        if response.code == _GONE:
            self._smtp.close()
        return _answer("message", response)


def _answer(stage: Stage, response: SMTPResponse) -> Answer:
    text = _words(response.message)
    named = _NAMED.search(text) if response.code // 100 == 2 else None
    return Answer(stage, response.code, text, named[1] if named else None)


def _words(text: str) -> str:
    """What a server said, fit to be kept and shown."""
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _CONTROLS.sub(" ", readable).strip()[:500]
