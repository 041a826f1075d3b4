"""Where the mail of the demo goes: a server of its own, or a Mailpit, whose web page shows it afterwards."""

import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Protocol
from uuid import uuid4

import httpx2
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from .addresses import Addresses
from .watching import EMAIL, Timeline

_ASKED_EVERY_SECONDS = 0.02
_ANSWERS_WITHIN_SECONDS = 5.0


class MailServer(Protocol):
    """Notes every mail in the timeline, until it is stopped."""

    url: str
    """Where channels is to send, as smtp://host:port."""

    def stop(self) -> None:
        """Take no more."""
        ...


def receive(at: Addresses, timeline: Timeline, port: int) -> MailServer:
    """The Mailpit of the installation if there is one, else a server on the free loopback `port`."""
    if at.mailpit and at.smtp:
        return Mailpit(timeline, at.smtp, at.mailpit)
    return OwnServer(timeline, port)


def html(message: EmailMessage) -> str:
    """What a mail program would show."""
    body = message.get_body(("html",))
    return str(body.get_content()) if body else ""


class OwnServer:
    """A real SMTP server on loopback, in a thread of its own."""

    def __init__(self, timeline: Timeline, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self._timeline = timeline
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook: a whole message has been received."""
        for address in envelope.rcpt_tos:
            _note(self._timeline, address, envelope.content or b"", uuid4().hex)
        return "250 kept"


class Mailpit:
    """Mail as a Mailpit has it, which is asked every 20 ms by its HTTP API (/api/v1)."""

    def __init__(self, timeline: Timeline, smtp_url: str, api_url: str) -> None:
        self.url = smtp_url
        self._timeline, self._api = timeline, api_url
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        with httpx2.Client(base_url=self._api, timeout=_ANSWERS_WITHIN_SECONDS, trust_env=False) as http:
            seen = set(self._newest(http))
            while not self._stopped.wait(_ASKED_EVERY_SECONDS):
                for id_, addresses in self._newest(http).items():
                    if id_ not in seen:
                        seen.add(id_)
                        raw = http.get(f"/api/v1/message/{id_}/raw").content
                        for address in addresses:
                            _note(self._timeline, address, raw, id_)

    def _newest(self, http: httpx2.Client) -> dict[str, list[str]]:
        """Ids and recipients of its newest messages; none when it does not answer: the story shows it."""
        try:
            answer = http.get("/api/v1/messages", params={"limit": "50"}).raise_for_status()
        except httpx2.HTTPError:
            return {}
        messages = answer.json()["messages"]
        return {one["ID"]: [to["Address"] for to in one["To"]] for one in messages}


def _note(timeline: Timeline, address: str, content: bytes | str, id_: str) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    message = message_from_bytes(raw, policy=policy.default)
    timeline.add(EMAIL, address, {"subject": str(message["Subject"]), "html": html(message)}, id_)
