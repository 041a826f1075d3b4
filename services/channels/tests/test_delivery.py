from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest
from canvass_channels.domain import delivery as machine
from canvass_channels.domain.answers import meaning
from canvass_channels.domain.delivery import LADDER, OUTCOMES, TRANSITIONS, IllegalMove
from canvass_channels.domain.model import Answer, Delivery, Happening, Stage, State
from hypothesis import assume, given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SOON = NOON + timedelta(seconds=30)
STATES = get_args(State)
MAIL = Delivery(UUID(int=1), UUID(int=2), "marketing", NOON)
RECEIPT = replace(MAIL, message_class="transactional")

ACCEPTED = Answer("message", 250, "OK queued as 4F2", "4F2")
GREYLISTED = Answer("envelope", 451, "try later")
NO_SUCH_USER = Answer("envelope", 550, "no such user")
LOST = Answer("message", None, "connection reset")


def attempting(mail=MAIL, attempts=1):
    return replace(mail, state="attempting", attempts=attempts, lease_until=SOON)


@pytest.mark.parametrize(
    ("stage", "code", "means"),
    [
        ("message", 250, "accepted"),
        ("message", 200, "accepted"),
        ("message", 421, "deferred"),
        ("message", 452, "deferred"),
        ("message", 554, "refused"),
        ("message", None, "lost"),
        ("message", 354, "lost"),
        ("message", 999, "lost"),
        ("envelope", 450, "deferred"),
        ("envelope", 550, "refused"),
        ("envelope", None, "deferred"),
        ("envelope", 999, "deferred"),
        ("session", 421, "deferred"),
        ("session", 535, "deferred"),
        ("session", None, "deferred"),
        ("address", None, "refused"),
        ("provider", 201, "accepted"),
        ("provider", 302, "deferred"),
        ("provider", 400, "refused"),
        ("provider", 401, "deferred"),
        ("provider", 429, "deferred"),
        ("provider", 503, "deferred"),
        ("provider", None, "lost"),
        ("receiver", 204, "accepted"),
        ("receiver", 302, "deferred"),
        ("receiver", 404, "deferred"),
        ("receiver", 410, "refused"),
        ("receiver", 503, "deferred"),
        ("receiver", None, "lost"),
    ],
)
def test_what_an_answer_means(stage, code, means):
    assert meaning(Answer(stage, code)) == means


@given(st.sampled_from(get_args(Stage)), st.none() | st.integers(-1000, 10_000))
def test_every_answer_means_something_and_doubt_begins_with_the_message(stage, code):
    can_be_taken = stage in ("message", "provider", "receiver")
    assert (meaning(Answer(stage, code)) in ("accepted", "lost")) <= can_be_taken


def test_the_way_of_a_message_that_arrives():
    claimed = machine.claim(MAIL, SOON)
    under_way = machine.attempt(claimed, SOON)
    accepted = machine.answered(under_way, ACCEPTED, 1, NOON)
    delivered = machine.receipt(accepted, "delivered")
    ways = [MAIL, claimed, under_way, accepted, delivered]
    assert [mail.state for mail in ways] == ["planned", "claimed", "attempting", "accepted", "delivered"]
    assert [machine.outcome(mail) for mail in ways] == [None, None, None, "sent", "sent"]
    assert (claimed.attempts, under_way.attempts) == (0, 1)
    assert (accepted.provider_id, accepted.lease_until) == ("4F2", None)


@pytest.mark.parametrize(
    ("mail", "answer", "state", "due_in"),
    [
        (attempting(), GREYLISTED, "planned", LADDER[0]),
        (attempting(attempts=3), GREYLISTED, "planned", LADDER[2]),
        (attempting(attempts=6), GREYLISTED, "planned", LADDER[5]),
        (attempting(attempts=7), GREYLISTED, "failed", None),
        (attempting(), NO_SUCH_USER, "failed", None),
        (attempting(), LOST, "unknown", None),
        (attempting(RECEIPT), LOST, "planned", LADDER[0]),
        (attempting(RECEIPT, attempts=7), LOST, "unknown", None),
        (attempting(), Answer("envelope", None), "planned", LADDER[0]),
    ],
)
def test_what_becomes_of_an_attempt(mail, answer, state, due_in):
    after = machine.answered(mail, answer, mail.attempts, NOON)
    assert after.state == state
    assert after.due_at == NOON + (due_in or timedelta(0))
    assert after.reason
    assert after.attempts == mail.attempts


def test_why_is_told_in_the_providers_words():
    after = machine.answered(attempting(), NO_SUCH_USER, 1, NOON)
    assert after.reason == "550 no such user (at the envelope)"
    assert machine.answered(attempting(), LOST, 1, NOON).reason == (
        "unknown: no answer connection reset (at the message); not re-sent"
    )


def test_a_claim_that_lapses_is_free():
    claimed = machine.claim(MAIL, SOON)
    assert machine.lapse(claimed, NOON) is claimed
    assert machine.lapse(claimed, SOON) == MAIL


@pytest.mark.parametrize(("mail", "state"), [(MAIL, "unknown"), (RECEIPT, "planned")])
def test_what_a_crash_leaves_in_an_attempt_is_in_doubt(mail, state):
    left = attempting(mail)
    assert machine.lapse(left, NOON) is left
    assert machine.lapse(left, SOON).state == state


def test_a_webhook_is_tried_ten_times_in_three_days_and_sent_again_in_doubt():
    hook, now = replace(MAIL, channel="webhook"), NOON
    for attempts in range(1, 10):
        after = machine.answered(attempting(hook, attempts), Answer("receiver", None), attempts, now)
        assert (after.state, after.attempts) == ("planned", attempts)
        now = after.due_at
    assert timedelta(hours=75) < now - NOON < timedelta(hours=84)
    given_up = machine.answered(attempting(hook, 10), Answer("receiver", 500), 10, now)
    assert given_up.state == "failed"


@pytest.mark.parametrize(("asked", "waited"), [(0, 60), (30, 60), (600, 600), (10**9, 86_400)])
def test_a_provider_may_ask_for_more_time_and_not_for_ever(asked, waited):
    after = machine.answered(attempting(), replace(GREYLISTED, wait_seconds=asked), 1, NOON)
    assert after.due_at == NOON + timedelta(seconds=waited)


def test_a_late_answer_settles_the_doubt():
    doubtful = machine.lapse(attempting(), SOON)
    assert machine.answered(doubtful, ACCEPTED, 1, SOON).state == "accepted"
    assert machine.answered(doubtful, NO_SUCH_USER, 1, SOON).state == "failed"
    assert machine.answered(doubtful, LOST, 1, SOON) is doubtful
    assert machine.answered(doubtful, GREYLISTED, 1, SOON) is doubtful
    assert machine.receipt(doubtful, "bounced").state == "bounced"


def test_an_answer_to_an_earlier_attempt_changes_nothing():
    again = attempting(RECEIPT, attempts=2)
    assert machine.answered(again, NO_SUCH_USER, 1, NOON) is again
    resent = machine.lapse(attempting(RECEIPT), SOON)
    assert machine.answered(resent, ACCEPTED, 1, SOON) is resent


def test_a_dead_provider_loses_no_message():
    mail = MAIL
    for _ in range(50):
        mail = machine.postpone(machine.claim(mail, SOON), "connection refused", SOON)
    assert (mail.state, mail.attempts, mail.due_at) == ("planned", 0, SOON)


def test_what_must_not_or_cannot_be_sent_ends_at_the_claim():
    claimed = machine.claim(MAIL, SOON)
    suppressed = machine.suppress(claimed, "no e-mail address")
    refused = machine.refuse(claimed, "no template 'hello'")
    assert (suppressed.state, machine.outcome(suppressed)) == ("suppressed", "suppressed")
    assert (refused.state, machine.outcome(refused)) == ("failed", "failed")
    assert (suppressed.reason, refused.reason) == ("no e-mail address", "no template 'hello'")


# --- laws


def test_the_table_names_every_state_and_leaves_no_happening_out():
    assert set(TRANSITIONS) == set(STATES)
    used = {happening for moves in TRANSITIONS.values() for happening in moves}
    assert used == set(get_args(Happening))
    assert {after for moves in TRANSITIONS.values() for after in moves.values()} <= set(STATES)


def test_what_is_over_has_an_outcome_and_what_is_under_way_has_none():
    under_way = {"planned", "claimed", "attempting"}
    assert set(STATES) - set(OUTCOMES) == under_way
    for state in OUTCOMES:
        assert not under_way & set(TRANSITIONS[state].values()) or state == "unknown"


MOVES = {
    "claimed": lambda mail: machine.claim(mail, SOON),
    "attempted": lambda mail: machine.attempt(mail, SOON),
    "suppressed": lambda mail: machine.suppress(mail, "why"),
    "refused": lambda mail: machine.refuse(mail, "why"),
    "postponed": lambda mail: machine.postpone(mail, "why", SOON),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("happening", MOVES)
def test_what_the_table_does_not_hold_is_refused(state, happening):
    mail = replace(MAIL, state=state)
    if happening in TRANSITIONS[state]:
        assert MOVES[happening](mail).state == TRANSITIONS[state][happening]
    else:
        with pytest.raises(IllegalMove, match=f"is {state}"):
            MOVES[happening](mail)


class Life:
    """A delivery's: workers claim, crash, are slow; leases lapse; answers get lost or come late."""

    def __init__(self, mail):
        self.mail = mail
        self.taken = 0
        self.answers = {}

    def claims(self, *_):
        return machine.claim(self.mail, SOON)

    def attempts(self, takes, heard):
        mail = machine.attempt(self.mail, SOON)
        self.taken += takes
        self.answers[mail.attempts] = (ACCEPTED if takes else GREYLISTED) if heard else LOST
        return mail

    def answers_in_time(self, *_):
        attempt = self.mail.attempts
        return machine.answered(self.mail, self.answers.get(attempt, LOST), attempt, SOON)

    def answers_late(self, *_):
        return machine.answered(self.mail, self.answers.get(1, LOST), 1, SOON)

    def lapses(self, *_):
        return machine.lapse(self.mail, SOON)

    def finds_nobody(self, *_):
        return machine.postpone(self.mail, "connection refused", SOON)

    def hears_of_it(self, arrived, _):
        return machine.receipt(self.mail, "delivered" if arrived else "bounced") if self.taken else self.mail

    def play(self, history):
        for happens, takes, heard in history:
            with suppress(IllegalMove):  # a worker that comes too late is told so, and changes nothing
                self.mail = happens(self, takes, heard)
        return self.mail, self.taken


HAPPENS = st.sampled_from(
    [
        Life.claims,
        Life.attempts,
        Life.answers_in_time,
        Life.answers_late,
        Life.lapses,
        Life.finds_nobody,
        Life.hears_of_it,
    ]
)
HISTORIES = st.lists(st.tuples(HAPPENS, st.booleans(), st.booleans()), max_size=40)


@given(HISTORIES)
def test_no_path_sends_a_marketing_message_twice(history):
    mail, taken = Life(MAIL).play(history)
    assert taken <= 1
    if taken and mail.state != "attempting":
        assert mail.state in ("accepted", "delivered", "bounced", "unknown")


@given(HISTORIES)
def test_a_transactional_message_is_not_given_up_in_doubt(history):
    mail, taken = Life(RECEIPT).play(history)
    assume(mail.attempts <= len(LADDER))
    assert mail.state != "unknown"
    if mail.state in ("accepted", "delivered"):
        assert taken
