"""Where the mail of the demo goes: a server of its own, or a Mailpit, whose web page shows it afterwards."""

import threading
from typing import Protocol

import httpx2
from aiosmtpd.controller import Controller

from .definitions import Addresses
from .watching import Timeline, start_smtp_server

_ASKED_EVERY_SECONDS = 0.02
_ANSWERS_WITHIN_SECONDS = 5.0


class MailServer(Protocol):
    """Notes every mail for the visitor in the timeline, until it is stopped."""

    url: str
    """Where channels is to send, as smtp://host:port."""

    def stop(self) -> None:
        """Take no more."""
        ...


def receive(at: Addresses, timeline: Timeline, address: str, port: int) -> MailServer:
    """The Mailpit of the installation if there is one, else a server on the free loopback `port`."""
    if at.mailpit and at.smtp:
        return Mailpit(timeline, address, at.smtp, at.mailpit)
    return OwnServer(timeline, address, port)


class OwnServer:
    """A real SMTP server on loopback, in a thread of its own."""

    def __init__(self, timeline: Timeline, address: str, port: int) -> None:
        self.url = f"smtp://127.0.0.1:{port}"
        self._controller: Controller = start_smtp_server(timeline, address, port)

    def stop(self) -> None:
        self._controller.stop()


class Mailpit:
    """Mail as a Mailpit has it, which is asked every 20 ms by its HTTP API (/api/v1/search)."""

    def __init__(self, timeline: Timeline, address: str, smtp_url: str, api_url: str) -> None:
        self.url = smtp_url
        self._timeline, self._address, self._api = timeline, address, api_url
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        seen: set[str] = set()
        with httpx2.Client(base_url=self._api, timeout=_ANSWERS_WITHIN_SECONDS, trust_env=False) as http:
            while not self._stopped.wait(_ASKED_EVERY_SECONDS):
                for id_ in self._found(http) - seen:
                    seen.add(id_)
                    self._timeline.add_mail()

    def _found(self, http: httpx2.Client) -> set[str]:
        """Ids of all its messages for the visitor; none when it does not answer, as the story then shows."""
        try:
            answer = http.get("/api/v1/search", params={"query": f"to:{self._address}"}).raise_for_status()
        except httpx2.HTTPError:
            return set()
        return {str(message["ID"]) for message in answer.json()["messages"]}
