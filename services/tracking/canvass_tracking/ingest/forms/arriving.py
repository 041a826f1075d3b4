"""A good submission as what arrives at tracking: at once, or in two steps where the address is confirmed."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from canvass_tracking.domain.arrivals import UNDATED, Arrival, Submission, Unconfirmed, mark_of
from canvass_tracking.domain.forms import Filled, Form
from canvass_tracking.domain.model import IncomingEvent
from canvass_tracking.store.confirmations import Waiting


class Submitting(NamedTuple):
    """What is known of a submission beside its answers."""

    submission_id: str
    anonymous_id: str
    now: datetime
    context: Mapping[str, Any] | None


def mark_of_link(token: str) -> bytes:
    """By which a link is recognised. Who reads the database cannot confirm for others."""
    return blake2b(token.encode(), digest_size=16).digest()


def submission(form: Form, filled: Filled, submitting: Submitting) -> Arrival:
    """Its word counts no more than that of any page."""
    who = IncomingEvent(
        submitting.anonymous_id,
        filled.user_id,
        filled.attributes,
        email=filled.email,
        phone=filled.phone,
    )
    return _arrival(form, submitting, who, Submission(form.key, filled.answers))


def unconfirmed(form: Form, filled: Filled, submitting: Submitting, link: str) -> Arrival:
    """Of the contact nothing is said yet but its address: that is where we ask."""
    who = IncomingEvent(submitting.anonymous_id, email=filled.email)
    mark = mark_of_link(link.rpartition("/")[2])
    what = Unconfirmed(form.key, form.confirm or "", mark, link, filled._asdict(), form.name)
    return _arrival(form, submitting, who, what)


def confirmed(waiting: Waiting, now: datetime) -> list[Arrival]:
    """What was filled in counts now, and overwrites what was known of the contact.

    Whoever confirms has shown that the address is theirs, which says nothing about the user id: that is taken
    as from any page.
    """
    filled = Filled(**waiting.filled)
    source = f"confirmation:{waiting.mark.hex()}"
    who = IncomingEvent(
        traits=filled.attributes,
        trusted=True,
        email=filled.email,
        phone=filled.phone,
        contact_id=waiting.contact_id,
    )
    what = Submission(waiting.form, filled.answers)
    arrivals = [
        Arrival(UNDATED, mark_of(source, waiting.submission_id), waiting.submission_id, who, now, what)
    ]
    if filled.user_id:
        claimed = IncomingEvent(user_id=filled.user_id, email=filled.email)
        arrivals.insert(
            0, Arrival(UNDATED, mark_of(source, "user id"), waiting.submission_id, claimed, now, None)
        )
    return arrivals


def _arrival(form: Form, submitting: Submitting, who: IncomingEvent, what: Any) -> Arrival:
    mark = mark_of(f"form:{form.key}", submitting.submission_id)
    return Arrival(UNDATED, mark, submitting.submission_id, who, submitting.now, what, submitting.context)
