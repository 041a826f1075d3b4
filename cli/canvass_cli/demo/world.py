"""What the story is played in: a site, mail and telephones, a CRM, and somebody who operates Canvass."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Self
from uuid import uuid4

from canvass_cli import clock

from . import mail, sinks
from .addresses import Addresses
from .definitions import Outside, answer, client, define
from .people import Person
from .site import MailProgram, Site
from .watching import Timeline


class World:
    """Open while the story lasts. What it receives, the timeline tells."""

    def __init__(self, at: Addresses, timeline: Timeline, smtp_port: int) -> None:
        self._at, self._timeline, self._smtp_port = at, timeline, smtp_port
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as closing:
            self.site = Site(self._at)
            closing.callback(self.site.close)
            self.mail = MailProgram(self._at, self._timeline)
            closing.callback(self.mail.close)
            self._api = closing.enter_context(client({"Authorization": f"Bearer {self._at.token}"}))
            define(self._api, self._at, self._outside(closing))
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def _outside(self, closing: ExitStack) -> Outside:
        """Servers of our own, running."""
        smtp = mail.receive(self._at, self._timeline, self._smtp_port)
        closing.callback(smtp.stop)
        secret = sinks.new_secret()
        phones = sinks.HttpServer(sinks.Phones(self._timeline))
        crm = sinks.HttpServer(sinks.Crm(self._timeline, secret))
        for server in (phones, crm):
            closing.callback(server.stop)
        return Outside(smtp.url, phones.url, crm.url, secret)

    def turn(self, by: timedelta) -> None:
        """Turn the clocks of all services."""
        clock.turn_all(self._at.known, by)

    def take_points(self, person: Person, points: int) -> None:
        """Take points from somebody by hand."""
        (contact,) = self._timeline.contacts(person.email)
        url = f"{self._at.points}/contacts/{contact}/adjustments"
        body = {"delta": -points, "reason": "Bought elsewhere"}
        answer(self._api.post(url, json=body, headers={"Idempotency-Key": str(uuid4())}))

    def rests(self, journey_id: str, step: str) -> bool:
        """Whether a journey rests at a step."""
        journey = answer(self._api.get(f"{self._at.campaigns}/journeys/{journey_id}")).json()
        return step in {position["step"] for position in journey["positions"]}
