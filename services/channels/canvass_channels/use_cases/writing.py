"""What a claimed delivery says, and the message that it leaves as."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from pydantic_core import to_json

from canvass_channels.senders.calls import Call
from canvass_channels.senders.headers import Unsendable, read_address, subject_header
from canvass_channels.senders.message import Content, Envelope, Letterhead, unsubscribing
from canvass_channels.senders.press_protocol import Job, Printed, Source, Spoiled
from canvass_channels.senders.sms import Account, text_message
from canvass_channels.senders.webhooks import webhook
from canvass_channels.store.contacts import Contact
from canvass_channels.store.definitions import Destination, Sender, Template
from canvass_channels.store.shelf import Shelved

from .claiming import Claimed

Message: TypeAlias = Envelope | Call | Shelved

NOTIFY_SUBJECT = "{{ contact.email | default: contact.phone | default: contact.id }}"
NOTIFY_TEXT = """\
{{ contact.email | default: contact.phone | default: contact.id }}
{% for value in values %}{{ value[0] }}: {{ value[1] }}
{% endfor %}
Wanted by {{ wanted_by }}{% if campaign %}, campaign {{ campaign }}{% endif %}\
{% if trigger %}, trigger {{ trigger }}{% endif %}.
"""


class Unwritable(Exception):
    """There can be no such message. The text says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A claimed delivery and all that its message is made of."""

    claimed: Claimed
    template: Template | None
    destination: Destination | None
    sender: Sender | None

    @property
    def desk(self) -> tuple[str, str]:
        """With which others it shares its way out."""
        if self.claimed.delivery.channel == "webhook":
            return "destination", self.claimed.wanted.destination or ""
        return ("sender", self.sender.key) if self.sender else ("shelf", "")

    def job(self) -> Job | None:
        """What is to be rendered; None when nothing is."""
        delivery, wanted = self.claimed.delivery, self.claimed.wanted
        if delivery.channel == "webhook":
            return None
        reaction = None
        if delivery.channel != "notify":
            reaction = {
                "effect_id": str(delivery.effect_id),
                "contact_id": str(delivery.contact_id),
                "channel": delivery.channel,
                "template": wanted.template,
                "campaign": wanted.campaign,
                "journey_id": str(wanted.journey_id) if wanted.journey_id else None,
                "step": wanted.step,
            }
        return Job(self._source(), self._values(), reaction)

    def _source(self) -> Source:
        if self.template:
            return source_of(self.template)
        assert self.destination  # noqa: S101 - the claim has seen to it
        one = self.destination
        return Source(
            f"d:{one.key}:{one.revision}", one.subject or NOTIFY_SUBJECT, one.text or NOTIFY_TEXT, None
        )

    def _values(self) -> dict[str, Any]:
        """All that a template may speak of."""
        wanted = self.claimed.wanted
        return {
            "contact": spoken_of(self.claimed.contact),
            "values": dict(wanted.values),
            "campaign": wanted.campaign,
            "trigger": wanted.trigger,
            "wanted_by": wanted.wanted_by,
        }

    def message(
        self, printed: Printed | Spoiled | None, letterhead: Letterhead | None, now: datetime
    ) -> Message:
        """The message as it leaves. Raises Unwritable."""
        if isinstance(printed, Spoiled):
            raise Unwritable(printed.reason)
        try:
            return self._call(now) if printed is None else self._written(printed, letterhead, now)
        except Unsendable as error:
            raise Unwritable(str(error)) from error

    def _call(self, now: datetime) -> Call:
        destination = self.destination
        assert destination and destination.url and destination.secret  # noqa: S101, PT018 - as defined
        body = to_json(_webhook_body(self.claimed))
        effect_id = str(self.claimed.delivery.effect_id)
        return webhook(destination.url, destination.secret, effect_id, body, now)

    def _written(self, printed: Printed, letterhead: Letterhead | None, now: datetime) -> Message:
        delivery, sender = self.claimed.delivery, self.sender
        content = Content(printed.subject, printed.text, printed.html)
        unsubscribe_url = self._unsubscribe_url(printed)
        if sender is None:
            return self._shelved(content, unsubscribe_url)
        if letterhead:
            return letterhead.write(content, self._recipients(), delivery.effect_id, now, unsubscribe_url)
        return text_message(account_of(sender), self._recipients()[0], content.text)

    def _unsubscribe_url(self, printed: Printed) -> str | None:
        """For the headers of what a contact may want no more of."""
        delivery = self.claimed.delivery
        is_offered = delivery.channel == "email" and delivery.message_class == "marketing"
        return printed.unsubscribe_url if is_offered else None

    def _recipients(self) -> list[str]:
        contact, channel = self.claimed.contact, self.claimed.delivery.channel
        if channel == "notify":
            return list(self.destination.recipients) if self.destination else []
        return [(contact.phone if channel == "sms" else contact.email) or ""]

    def _shelved(self, content: Content, unsubscribe_url: str | None) -> Shelved:
        delivery = self.claimed.delivery
        return shelved(
            Shelved(
                id=delivery.effect_id,
                contact_id=delivery.contact_id,
                channel=delivery.channel,
                template=self.claimed.wanted.template,
                recipients=self._recipients(),
                subject=content.subject,
                text=content.text,
                html=content.html,
                headers=unsubscribing(unsubscribe_url),
            )
        )


def account_of(sender: Sender) -> Account:
    """A sender of SMS as it is used."""
    return Account(sender.url, sender.account or "", sender.token or "", sender.from_address)


def shelved(message: Shelved) -> Shelved:
    """A message that could have been sent. Raises Unsendable for another."""
    if message.channel != "sms":
        subject_header(message.subject)
        for recipient in message.recipients:
            read_address(recipient)
    return message


def source_of(template: Template) -> Source:
    """A template as it is rendered."""
    id_ = f"t:{template.key}:{template.revision}"
    is_email = template.channel == "email"
    return Source(id_, template.subject, template.text, template.html, tracked=is_email)


def spoken_of(contact: Contact) -> dict[str, Any]:
    """What templates and webhooks may say of a contact: its attributes, and what we know it by."""
    return {**contact.attributes, **_known_by(contact)}


def _known_by(contact: Contact) -> dict[str, Any]:
    return {
        "id": str(contact.contact_id),
        "email": contact.email,
        "phone": contact.phone,
        "user_id": contact.user_id,
        "tags": list(contact.tags),
    }


def _webhook_body(claimed: Claimed) -> dict[str, Any]:
    """The same at every attempt, as far as the contact is the same."""
    wanted, contact = claimed.wanted, claimed.contact
    return {
        "type": f"canvass.{wanted.wanted_by}.webhook",
        "timestamp": wanted.planned_at,
        "data": {
            "contact": {**_known_by(contact), "attributes": dict(contact.attributes)},
            "values": dict(wanted.values),
            "campaign": wanted.campaign,
            "step": wanted.step,
            "trigger": wanted.trigger,
            "form": wanted.form,
        },
    }
