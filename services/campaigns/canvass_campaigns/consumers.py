"""What campaigns hear, and what they make of it."""

from collections.abc import Sequence

from canvass_messaging.consumers import Consumers
from canvass_runtime.db import Tx
from canvass_schemas.channels import MessageFailed, MessageSent, MessageSuppressed
from canvass_schemas.envelope import MAX_HOPS
from canvass_schemas.segments import ContactEntered, ContactLeft
from canvass_schemas.tracking import ContactChanged, ContactMerged

from .store.contacts import keep_revisions
from .tables import contacts
from .use_cases import defining, walking
from .use_cases.walking import Answer, Membership

consumers = Consumers("campaigns", contacts=contacts, hops_limit=MAX_HOPS)
consumers.on_loop = defining.pause_what_loops


@consumers.on(ContactMerged)
async def contact_merged(tx: Tx, events: Sequence[ContactMerged]) -> None:
    """What a contact has walked is walked by the one that it turned out to be."""
    newest = max(events, key=lambda event: event.time)
    merges = {event.subject: event.data.into for event in events}
    await walking.contacts_merged(tx, merges, newest.time, newest)


@consumers.on(ContactChanged)
async def contact_changed(tx: Tx, events: Sequence[ContactChanged]) -> None:
    """What is wanted for a contact from now on needs it to be known at least so well."""
    await keep_revisions(tx, [(event.subject, event.revision) for event in events])


@consumers.on(ContactEntered)
async def contact_entered(tx: Tx, events: Sequence[ContactEntered]) -> None:
    """Who enters a segment enters the campaigns that it is a source of."""
    await walking.membership_changed(tx, [_membership(event, member=True) for event in events])


@consumers.on(ContactLeft)
async def contact_left(tx: Tx, events: Sequence[ContactLeft]) -> None:
    """Leaving is remembered; who has begun a journey finishes it."""
    await walking.membership_changed(tx, [_membership(event, member=False) for event in events])


@consumers.on(MessageSent)
async def message_sent(tx: Tx, events: Sequence[MessageSent]) -> None:
    """A journey that rests on the message goes on."""
    await walking.messages_settled(tx, [Answer.of(event, "sent") for event in events])


@consumers.on(MessageFailed)
async def message_failed(tx: Tx, events: Sequence[MessageFailed]) -> None:
    """A journey that rests on the message goes on."""
    await walking.messages_settled(tx, [Answer.of(event, "failed") for event in events])


@consumers.on(MessageSuppressed)
async def message_suppressed(tx: Tx, events: Sequence[MessageSuppressed]) -> None:
    """A journey that rests on the message goes on."""
    await walking.messages_settled(tx, [Answer.of(event, "suppressed") for event in events])


def _membership(event: ContactEntered | ContactLeft, *, member: bool) -> Membership:
    data = event.data
    return Membership(event.subject, data.segment, member, data.revision, event.time, event)
