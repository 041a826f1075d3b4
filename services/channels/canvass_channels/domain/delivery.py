"""What becomes of a delivery. Every transition stands in the table; what is absent from it is refused.

Sending is the one act that no transaction holds. So it is committed in three waves: `claimed`, free to
lose; `attempting`, just before the bytes leave; and what was answered. Only what a crash leaves in
`attempting` is in doubt, and stays so in the open: a marketing message is then not sent again (at most
once), a transactional one is (at least once), and so is a webhook, which has an id to know it by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from canvass_channels.domain.answers import meaning
from canvass_channels.domain.model import Answer, Delivery, Happening, MessageClass, MessageOutcome, State

TRANSITIONS: Mapping[State, Mapping[Happening, State]] = MappingProxyType(
    {
        "planned": {"claimed": "claimed"},
        "claimed": {
            "attempted": "attempting",
            "postponed": "planned",
            "refused": "failed",
            "suppressed": "suppressed",
            "lapsed": "planned",
        },
        "attempting": {
            "accepted": "accepted",
            "deferred": "planned",
            "exhausted": "failed",
            "refused": "failed",
            "lost": "unknown",
            "lapsed": "unknown",
        },
        "unknown": {
            "resent": "planned",
            "accepted": "accepted",  # the answer, a lookup or a receipt came after all
            "refused": "failed",
            "delivered": "delivered",
            "bounced": "bounced",
        },
        "accepted": {"delivered": "delivered", "bounced": "bounced"},
        "delivered": {"bounced": "bounced"},  # some mailboxes take it first and bounce it later
        "bounced": {},
        "suppressed": {},
        "failed": {},
    }
)

LADDER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
"""How long to wait after the first attempt, the second, ...; then it has failed. 17 hours in all."""

_OTHER_LADDERS: Mapping[str, tuple[timedelta, ...]] = MappingProxyType(
    {
        "sms": tuple(timedelta(seconds=seconds) for seconds in (5, 60, 300, 900, 3_600, 14_400)),
        # As Standard Webhooks recommends: ten attempts in 75 hours.
        "webhook": tuple(
            timedelta(seconds=seconds)
            for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
        ),
    }
)
LONGEST_WAIT = timedelta(hours=24)

RESENT_IN_DOUBT: Mapping[MessageClass, bool] = MappingProxyType({"marketing": False, "transactional": True})

OUTCOMES: Mapping[State, MessageOutcome] = MappingProxyType(
    {
        "accepted": "sent",
        "delivered": "sent",
        "bounced": "sent",
        "suppressed": "suppressed",
        "failed": "failed",
        "unknown": "failed",  # a journey does not wait for what may never be known; the reason says so
    }
)
"""What campaigns are told: once for each outcome, the first time that a state has it."""


class IllegalMove(ValueError):
    """A delivery in this state cannot have this happen to it: another worker has it, or it is over."""


def outcome(delivery: Delivery) -> MessageOutcome | None:
    """None while it is still under way."""
    return OUTCOMES.get(delivery.state)


def claim(delivery: Delivery, lease_until: datetime) -> Delivery:
    return replace(_moved(delivery, "claimed"), lease_until=lease_until)


def suppress(delivery: Delivery, reason: str) -> Delivery:
    """It must not be sent: found at the claim, under the contact's lock."""
    return _moved(delivery, "suppressed", reason)


def refuse(delivery: Delivery, reason: str) -> Delivery:
    """It cannot be sent: there is no such template, or it does not render."""
    return _moved(delivery, "refused", reason)


def attempt(delivery: Delivery, lease_until: datetime) -> Delivery:
    """To be committed before the first byte leaves."""
    moved = _moved(delivery, "attempted")
    return replace(moved, attempts=delivery.attempts + 1, lease_until=lease_until)


def postpone(delivery: Delivery, reason: str, due_at: datetime) -> Delivery:
    """It cannot be attempted yet: no connection, no template. A dead provider loses no message."""
    return replace(_moved(delivery, "postponed", reason), due_at=due_at)


def answered(delivery: Delivery, answer: Answer, of_attempt: int, now: datetime) -> Delivery:
    """What the provider said to this attempt.

    An answer that comes when the delivery has gone on without it changes nothing.
    """
    if of_attempt != delivery.attempts or delivery.state not in ("attempting", "unknown"):
        return delivery
    match meaning(answer):
        case "accepted":
            return replace(_moved(delivery, "accepted"), provider_id=answer.provider_id)
        case "refused":
            return _moved(delivery, "refused", _words(answer))
        case _ if delivery.state == "unknown":
            return delivery
        case "deferred":
            return _deferred(delivery, answer, now)
        case "lost":
            return _in_doubt(delivery, "lost", _words(answer), now + _rung(delivery))


def lapse(delivery: Delivery, now: datetime) -> Delivery:
    """Take it back from a worker that has not answered within its lease."""
    if delivery.lease_until is None or delivery.lease_until > now:
        return delivery
    if delivery.state == "claimed":
        return _moved(delivery, "lapsed")
    return _in_doubt(delivery, "lapsed", "nothing was heard of the attempt", now)  # it has waited already


def receipt(delivery: Delivery, said: Literal["delivered", "bounced"], reason: str | None = None) -> Delivery:
    """What the provider told later. Said twice, or where it cannot be, it changes nothing."""
    return _moved(delivery, said, reason) if said in TRANSITIONS[delivery.state] else delivery


def _deferred(delivery: Delivery, answer: Answer, now: datetime) -> Delivery:
    if _is_exhausted(delivery):
        return _moved(delivery, "exhausted", _words(answer))
    asked = min(timedelta(seconds=answer.wait_seconds), LONGEST_WAIT)
    return replace(_moved(delivery, "deferred", _words(answer)), due_at=now + max(_rung(delivery), asked))


def _in_doubt(delivery: Delivery, how: Happening, reason: str, due_at: datetime) -> Delivery:
    """Unknown it is, and there it rests unless one message too many does less harm than none."""
    doubtful = _moved(delivery, how, f"unknown: {reason}; not re-sent")
    if not _harmless_twice(delivery) or _is_exhausted(delivery):
        return doubtful
    return replace(_moved(doubtful, "resent", f"in doubt: {reason}"), due_at=due_at)


def _harmless_twice(delivery: Delivery) -> bool:
    """A webhook carries the same id each time, so that its receiver can drop the second."""
    return delivery.channel == "webhook" or RESENT_IN_DOUBT[delivery.message_class]


def _is_exhausted(delivery: Delivery) -> bool:
    return delivery.attempts > len(_ladder(delivery))


def _ladder(delivery: Delivery) -> tuple[timedelta, ...]:
    return _OTHER_LADDERS.get(delivery.channel, LADDER)


def _rung(delivery: Delivery) -> timedelta:
    ladder = _ladder(delivery)
    rung = ladder[min(max(delivery.attempts, 1), len(ladder)) - 1]
    if delivery.channel != "webhook":
        return rung
    return rung * (1 + delivery.effect_id.int % 100 / 1_000)  # a receiver that comes back is not stormed


def _moved(delivery: Delivery, happening: Happening, reason: str | None = None) -> Delivery:
    after = TRANSITIONS[delivery.state].get(happening)
    if after is None:
        raise IllegalMove(f"delivery {delivery.effect_id} is {delivery.state}: it cannot be {happening}")
    return replace(delivery, state=after, lease_until=None, reason=reason)


def _words(answer: Answer) -> str:
    said = f"{answer.code or 'no answer'} {answer.text}".strip()
    return f"{said[:500]} (at the {answer.stage})"
