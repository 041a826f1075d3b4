"""Whose an event is: anonymous id, user id and e-mail become one contact, at times out of two.

The rules, for one event after another:
- It belongs to the contact of its strongest identity (user id, then e-mail, then anonymous id) that does not
  contradict a stronger one: a browser known as Ada, where Bob now says his user id, does not make Bob Ada.
- If there is none, a contact is created. Identities that were nobody's become the contact's.
- Another contact that the event speaks of is merged with it if it was anonymous. Two identified ones are
  merged on the word of a trusted source alone, and only where they do not contradict each other.
- The identified one lives on, else the older. What it does not know itself it takes over.
- An alias names an id of before: as an anonymous id it is one more; as a user id it joins two contacts,
  though each has its own, on the word of a trusted source alone. It leads to the contact ever after.
- Traits and a phone number fill what is empty; those of a trusted source replace what is there.
An identity is never taken from one contact and given to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from canvass_tracking.domain.identities import former, identities
from canvass_tracking.domain.merge import forwarded, lives_on, may_merge, merged
from canvass_tracking.domain.model import Contact, Identified, Identity, IncomingEvent, Known, Merge
from canvass_tracking.domain.traits import filled, tagged


class Nobody(ValueError):
    """An event needs a user id, an anonymous id or an e-mail: the door refuses those without."""


def identify(
    events: Sequence[IncomingEvent], known: Known, now: datetime, new_id: Callable[[], UUID]
) -> Identified:
    """Decide for all events, in order; the same as deciding for one at a time.

    `known` must hold the links of `all_identities(events)`, the contacts they lead to and whom those were
    merged into. `new_id` names contacts as they are created.
    """
    book = _Book(known, now, new_id)
    whose = [book.enter(event) for event in events]
    return book.closed(whose)


class _Book:
    """What is known while a batch is worked through. Lives no longer than one call."""

    def __init__(self, known: Known, now: datetime, new_id: Callable[[], UUID]) -> None:
        self.contacts = dict(known.contacts)
        self.links: dict[Identity, UUID | None] = dict(known.links)
        self.now = now
        self.new_id = new_id
        self.created: list[UUID] = []
        self.changed: set[UUID] = set()
        self.relinked: set[Identity] = set()
        self.losers: list[UUID] = []

    def enter(self, event: IncomingEvent) -> UUID:
        stated = identities(event)
        if not stated:
            raise Nobody(Nobody.__doc__)
        was = former(event) if event.trusted else None
        contact = self._whom(stated, event.trusted)
        if was:
            contact = self._and_formerly(contact, was)
        contact = self._link(contact or self._create(), stated, event.trusted)
        if was and self._holder(was) is None:
            self._relink(was, contact.id)
        return self._keep(_told(contact, event))

    def closed(self, whose: Sequence[UUID]) -> Identified:
        merges = [(loser, self._living(loser)) for loser in self.losers]
        links = {identity: self._holder(identity) for identity in self.relinked}
        return Identified(
            whose=tuple(self._living(contact_id).id for contact_id in whose),
            created=tuple(self.created),
            changed={contact_id: self.contacts[contact_id] for contact_id in self.changed},
            linked={identity: holder.id for identity, holder in links.items() if holder},
            unlinked=frozenset(identity for identity, holder in links.items() if not holder),
            merges=tuple(Merge(loser, into.id, into.revision) for loser, into in merges),
        )

    def _living(self, contact_id: UUID) -> Contact:
        contact = self.contacts[contact_id]
        while contact.merged_into:
            contact = self.contacts[contact.merged_into]
        return contact

    def _holder(self, identity: Identity) -> Contact | None:
        link = self.links.get(identity)
        return self._living(link) if link else None

    def _spoken_of(self, stated: Sequence[Identity]) -> Iterator[tuple[Identity, Contact]]:
        """Whom the event may mean: the holders of its identities that contradict no stronger one."""
        for place, identity in enumerate(stated):
            holder = self._holder(identity)
            if holder and not any(_contradicts(holder, stronger) for stronger in stated[:place]):
                yield identity, holder

    def _create(self) -> Contact:
        contact = Contact(self.new_id(), self.now)
        self.contacts[contact.id] = contact
        self.created.append(contact.id)
        return contact

    def _whom(self, stated: Sequence[Identity], trusted: bool) -> Contact | None:
        """One contact, made of all that the event speaks of as far as its word goes."""
        contact = None
        for identity, holder in self._spoken_of(stated):
            if contact is None:
                contact = holder
            elif holder.id != contact.id and may_merge(contact, holder, by=identity, trusted=trusted):
                contact = self._merged(contact, holder)
        return contact

    def _merged(self, contact: Contact, other: Contact) -> Contact:
        winner, loser = (contact, other) if lives_on(contact, other) else (other, contact)
        self.contacts[loser.id] = forwarded(loser, winner)
        self.changed.add(loser.id)
        self.losers.append(loser.id)
        if winner.email and loser.email:
            self._relink(Identity("email", loser.email), None)
        return merged(winner, loser)

    def _link(self, contact: Contact, stated: Sequence[Identity], trusted: bool) -> Contact:
        """Give the contact those of its identities that are nobody's."""
        for identity in stated:
            if self._holder(identity) is None:
                contact = self._given(contact, identity, trusted)
        return contact

    def _and_formerly(self, contact: Contact | None, was: Identity) -> Contact | None:
        """One contact out of two, though each may have a user id: an alias says that both are one."""
        holder = self._holder(was)
        if contact is None or holder is None or holder.id == contact.id:
            return contact or holder
        return replace(self._merged(contact, holder), user_id=contact.user_id)

    def _given(self, contact: Contact, identity: Identity, trusted: bool) -> Contact:
        match identity.kind:
            case "contact_id":  # it is no more: what else is told of it makes a new one
                return contact
            case "anonymous_id":
                pass
            case "user_id":
                contact = replace(contact, user_id=identity.value)
            case "email":
                if contact.email and not trusted:
                    return contact
                if contact.email:
                    self._relink(Identity("email", contact.email), None)
                contact = replace(contact, email=identity.value)
            case _:
                assert_never(identity.kind)
        self._relink(identity, contact.id)
        return contact

    def _relink(self, identity: Identity, contact_id: UUID | None) -> None:
        self.links[identity] = contact_id
        self.relinked.add(identity)

    def _keep(self, contact: Contact) -> UUID:
        """One revision more for each event that changed it."""
        if contact.identified and contact.identified_at is None:
            contact = replace(contact, identified_at=self.now)
        if contact is not self.contacts[contact.id] or contact.revision == 0:
            self.contacts[contact.id] = replace(contact, revision=contact.revision + 1)
            self.changed.add(contact.id)
        return contact.id


def _told(contact: Contact, event: IncomingEvent) -> Contact:
    """The contact with what the event tells beside who it is: the very same when that is nothing new."""
    if event.traits:
        attributes = filled(contact.attributes, event.traits, trusted=event.trusted)
        if attributes is not contact.attributes:
            contact = replace(contact, attributes=attributes)
    if event.phone and event.phone != contact.phone and (event.trusted or not contact.phone):
        contact = replace(contact, phone=event.phone)
    if event.tags and (tags := tagged(contact.tags, event.tags)) is not contact.tags:
        contact = replace(contact, tags=tags)
    return contact


def _contradicts(contact: Contact, stated: Identity) -> bool:
    """Whether the contact is known to be somebody else than this."""
    match stated.kind:
        case "user_id":
            own = contact.user_id
        case "email":
            own = contact.email
        case _:
            own = None
    return own is not None and own != stated.value
