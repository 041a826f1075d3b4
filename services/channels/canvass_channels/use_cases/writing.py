"""What a claimed delivery says: its template, filled in for its contact, as the sender's message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canvass_runtime.db import Tx

from canvass_channels.senders.connections import Connections
from canvass_channels.senders.headers import Unsendable, read_mailbox
from canvass_channels.senders.message import Envelope, Letterhead
from canvass_channels.senders.rendering import Compiled, Mistaken, Unrenderable, compile_template
from canvass_channels.senders.smtp import read_server
from canvass_channels.store import definitions
from canvass_channels.store.contacts import Contact
from canvass_channels.store.definitions import Sender

from .claiming import Claimed

KEPT_TEMPLATES = 200


@dataclass(frozen=True, slots=True)
class Outlet:
    """A sender as it is used."""

    sender: Sender
    letterhead: Letterhead
    connections: Connections

    @classmethod
    def of(cls, sender: Sender, answer_seconds: float) -> "Outlet":
        """Nothing is connected yet."""
        connections = Connections(read_server(sender.url), sender.connections, answer_seconds)
        return cls(sender, Letterhead(read_mailbox(sender.from_address)), connections)


class Unwritable(Exception):
    """There can be no such message. The text says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A claimed delivery and the template that it is written by."""

    claimed: Claimed
    template: Compiled | Mistaken

    def write(self, letterhead: Letterhead, now: datetime) -> Envelope:
        """The message for its contact. Raises Unwritable."""
        if isinstance(self.template, Mistaken):
            raise Unwritable(f"the template cannot be used: {self.template}")
        try:
            content = self.template.render(_values(self.claimed))
            email = self.claimed.contact.email or ""
            return letterhead.write(content, email, self.claimed.delivery.effect_id, now)
        except Unrenderable as error:
            raise Unwritable(f"the template does not render for this contact: {error}") from error
        except Unsendable as error:
            raise Unwritable(str(error)) from error


class Templates:
    """The templates in use, compiled once a revision."""

    def __init__(self) -> None:
        self._compiled: dict[str, tuple[int, Compiled | Mistaken]] = {}

    async def drafts(self, tx: Tx, claimed: Sequence[Claimed]) -> list[Draft]:
        """These deliveries with their templates, as they are now."""
        wanted = {one.wanted.template: one.template_revision for one in claimed}
        stale = [key for key, revision in wanted.items() if self._compiled.get(key, (0,))[0] != revision]
        if stale:
            for template in await definitions.read_templates(tx, stale):
                self._compiled.pop(template.key, None)
                self._compiled[template.key] = (template.revision, _compiled(template))
        drafts = [Draft(one, self._compiled[one.wanted.template][1]) for one in claimed]
        for oldest in list(self._compiled)[: max(0, len(self._compiled) - KEPT_TEMPLATES)]:
            del self._compiled[oldest]
        return drafts


def _compiled(template: definitions.Template) -> Compiled | Mistaken:
    try:
        return compile_template(template.subject, template.text, template.html)
    except Mistaken as mistaken:
        return mistaken


def _values(claimed: Claimed) -> dict[str, Any]:
    """All that a template may speak of."""
    return {"contact": _contact(claimed.contact), "campaign": claimed.wanted.campaign}


def _contact(contact: Contact) -> dict[str, Any]:
    return {
        **contact.attributes,
        "id": str(contact.contact_id),
        "email": contact.email,
        "user_id": contact.user_id,
    }
