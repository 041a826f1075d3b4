"""Decisions, conditions and what else goes on at once: cases by hand, and laws over any order of facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from canvass_campaigns.domain.engine import advance, outset
from canvass_campaigns.domain.model import (
    SILENCE,
    Campaign,
    ChangeSegment,
    Decide,
    If,
    SegmentSource,
    Send,
    Wait,
)
from canvass_campaigns.domain.signals import (
    Entered,
    Heard,
    JourneyEnded,
    Settled,
    Verdict,
    WantMembership,
    WantMessage,
    WantVerdict,
    Woke,
)
from canvass_rules import FieldRule, Group
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONTACT = UUID(int=7)
CANADIANS = Group("all", (FieldRule("country", "=", "CA"),))


def campaign_of(start, **steps):
    return Campaign("hot-leads", 1, "Hot leads", (SegmentSource("hot"),), tuple(start), steps)


def at(hours):
    return NOON + hours * HOUR


def did(hours, *steps, because=None):
    return Heard(steps, at(hours), because or uuid4()), at(hours)


def sent(hours, step="welcome", outcome="sent"):
    return Settled(step, 1, outcome), at(hours)


def silence(hours, heard_through=None):
    """The clock says so many hours, and all has been heard through then or through `heard_through`."""
    return Woke(at(hours if heard_through is None else heard_through)), at(hours)


def play(campaign, *signals, at_rest=False, journey=None):
    journey, effects, passed = journey or outset(campaign, CONTACT), [], []
    for signal, now in ((Entered(), NOON), *signals):
        outcome = advance(campaign, journey, signal, now, at_rest=at_rest)
        journey = outcome.journey
        effects += outcome.effects
        passed += outcome.passed
    return journey, effects, passed


def resting(journey):
    return [one.step for one in journey.open]


def ways(passed):
    return [(one.step, one.outcome) for one in passed]


HELLO = Send("email", ("opened",), template="hello")
THANKS, REMIND = Send("sms", (), template="thanks"), Send("email", (), template="remind")
OPENED = Decide("opened", ("thanks",), ("remind",), of="welcome", within=72 * HOUR)
STORY = campaign_of(["welcome"], welcome=HELLO, opened=OPENED, thanks=THANKS, remind=REMIND)
OPEN = did(3, "opened")


def test_a_decision_says_yes_as_soon_as_the_contact_does_it():
    journey, effects, passed = play(STORY, sent(1), OPEN)
    assert resting(journey) == ["thanks"]
    assert [effect.step for effect in effects if isinstance(effect, WantMessage)] == ["welcome", "thanks"]
    yes = passed[-1]
    assert (yes.outcome, yes.arrived_at, yes.at, yes.because) == ("yes", at(1), at(3), OPEN[0].because)


def test_patience_counts_from_when_the_message_was_sent():
    journey, *_ = play(STORY, sent(5))
    assert journey.decides_at == at(77) + SILENCE
    assert journey.wakes_at is None


@pytest.mark.parametrize(
    ("signal", "rests_at"),
    [
        pytest.param(silence(72.9), "opened", id="too early"),
        pytest.param(silence(73), "opened", id="within two seconds of the deadline"),
        pytest.param(silence(73.1, heard_through=72), "opened", id="the speaker is behind"),
        pytest.param((Woke(None), at(99)), "opened", id="the speaker has not spoken"),
        pytest.param(silence(72, heard_through=99), "opened", id="the clock is behind"),
        pytest.param(silence(73.1), "remind", id="all is heard and there was nothing"),
    ],
)
def test_no_is_taken_once_all_through_the_deadline_has_been_heard(signal, rests_at):
    journey, *_ = play(STORY, sent(1), signal)
    assert resting(journey) == [rests_at]


def test_what_was_done_in_time_counts_though_it_is_heard_after_the_deadline():
    journey, *_ = play(STORY, sent(1), silence(80, heard_through=72), did(73, "opened"))
    assert resting(journey) == ["thanks"]


def test_what_was_done_too_late_does_not_count():
    journey, *_ = play(STORY, sent(1), did(73.01, "opened"), silence(74))
    assert resting(journey) == ["remind"]


def test_what_is_heard_after_no_changes_nothing_and_is_shown_as_late_once():
    journey, effects, passed = play(STORY, sent(1), silence(74), did(72, "opened"), did(71, "opened"))
    assert resting(journey) == ["remind"]
    assert ways(passed) == [("welcome", "sent"), ("opened", "no"), ("opened", "late")]
    assert passed[-1].happened_at == at(72)
    assert len(effects) == 3
    settled, *_ = play(STORY, sent(1), silence(74), did(80, "opened"))
    assert settled == play(STORY, sent(1), silence(74))[0]


def test_an_opening_heard_before_the_sending_counts():
    journey, _, passed = play(STORY, OPEN, sent(1))
    assert (resting(journey), passed[-1].happened_at) == (["thanks"], at(3))
    assert journey.seen == {}


PAGE = Decide("page", ("thanks",), ("remind",), within=24 * HOUR)


def paged(page=PAGE, **more):
    steps = {"welcome": replace(HELLO, next=("page",)), "page": page, "thanks": THANKS, "remind": REMIND}
    return campaign_of(["welcome"], **steps, **more)


@pytest.mark.parametrize(
    ("page", "hours", "rests_at"),
    [
        pytest.param(PAGE, 0.5, "page", id="before the message was sent"),
        pytest.param(PAGE, 2, "thanks", id="when the message was sent"),
        pytest.param(PAGE, 25, "thanks", id="in time"),
        pytest.param(PAGE, 27, "page", id="after its patience"),
        pytest.param(replace(PAGE, here=True), 2, "page", id="here forgets what led here"),
        pytest.param(replace(PAGE, here=True), 2.1, "thanks", id="here hears what comes after"),
    ],
)
@pytest.mark.parametrize("early", [True, False])
def test_a_decision_counts_since_the_nearest_action_above(page, hours, rests_at, early):
    facts = [sent(2), did(hours, "page")]
    journey, *_ = play(paged(page), *(reversed(facts) if early else facts))
    assert resting(journey) == [rests_at]


def test_a_wait_is_no_action_so_what_is_done_meanwhile_counts():
    campaign = campaign_of(
        ["welcome"],
        welcome=replace(HELLO, next=("pause",)),
        pause=Wait(("page",), lasting=5 * HOUR),
        page=PAGE,
        thanks=THANKS,
        remind=REMIND,
    )
    journey, _, passed = play(campaign, sent(1), did(2, "page"), (Woke(), at(6)))
    assert resting(journey) == ["thanks"]
    assert (passed[-1].happened_at, passed[-1].at) == (at(2), at(6))
    forgetful = replace(campaign, steps={**campaign.steps, "page": replace(PAGE, here=True)})
    assert resting(play(forgetful, sent(1), did(2, "page"), (Woke(), at(6)))[0]) == ["page"]


def test_the_event_that_began_a_journey_is_no_answer_to_it():
    campaign, event = campaign_of(["page"], page=PAGE, thanks=THANKS, remind=REMIND), uuid4()
    journey = advance(campaign, outset(campaign, CONTACT), Entered(event), NOON).journey
    same, _ = did(0, "page", because=event)
    assert advance(campaign, journey, same, NOON).journey is journey
    assert resting(advance(campaign, journey, did(0, "page")[0], NOON).journey) == ["thanks"]


def test_a_decision_without_patience_waits_for_ever():
    campaign = paged(replace(PAGE, no=(), within=None))
    campaign = replace(campaign, steps={k: v for k, v in campaign.steps.items() if k != "remind"})
    journey, *_ = play(campaign, sent(1), silence(99_999))
    assert (resting(journey), journey.decides_at) == (["page"], None)


ASKING = campaign_of(
    ["canadian"], canadian=If(CANADIANS, ("thanks",), ("remind",)), thanks=THANKS, remind=REMIND
)


@pytest.mark.parametrize(("holds", "rests_at", "way"), [(True, "thanks", "yes"), (False, "remind", "no")])
def test_a_condition_asks_and_rests_until_it_knows(holds, rests_at, way):
    asked, effects, _ = play(ASKING)
    (wanted,) = [effect for effect in effects if isinstance(effect, WantVerdict)]
    assert (resting(asked), wanted.rules) == (["canadian"], CANADIANS)
    verdict = Verdict("canadian", 1, holds, {"country": "CA"}), at(1)
    journey, _, passed = play(ASKING, verdict, verdict)
    assert resting(journey) == [rests_at]
    assert (ways(passed), passed[0].values) == ([("canadian", way)], {"country": "CA"})


def test_a_change_of_segment_is_wanted_and_passed_at_once():
    campaign = campaign_of(
        ["vip"], vip=ChangeSegment("vip", True, ("page",)), page=PAGE, thanks=THANKS, remind=REMIND
    )
    journey, effects, passed = play(campaign)
    (wanted,) = [effect for effect in effects if isinstance(effect, WantMembership)]
    assert (wanted.segment, wanted.member, resting(journey)) == ("vip", True, ["page"])
    assert ways(passed) == [("vip", "changed")]


def test_a_wait_until_a_time_that_is_past_goes_on_at_once():
    campaign = campaign_of(
        ["a", "b"], a=Wait(("c",), until=at(-1)), b=Wait((), until=at(4)), c=Wait((), lasting=HOUR)
    )
    journey, _, passed = play(campaign)
    assert (resting(journey), journey.wakes_at, ways(passed)) == (["b", "c"], at(1), [("a", "waited")])


def test_a_campaign_at_rest_begins_no_step_and_goes_on_where_it_was_after_it():
    begun, *_ = play(STORY)
    outcome = advance(STORY, begun, *sent(1), at_rest=True)
    assert (resting(outcome.journey), outcome.effects) == (["opened"], ())
    assert outcome.journey.wakes_at == at(1)
    seen = advance(STORY, outcome.journey, *OPEN, at_rest=True)
    assert advance(STORY, seen.journey, Woke(), at(4), at_rest=True).journey == seen.journey
    after = advance(STORY, seen.journey, Woke(), at(5))
    assert resting(after.journey) == ["thanks"]
    assert after.passed[-1].outcome == "yes"


def test_a_long_row_of_steps_that_take_no_time_is_walked_in_one_go():
    steps = {f"s{i}": ChangeSegment("vip", True, (f"s{i + 1}",)) for i in range(999)}
    campaign = campaign_of(["s0"], **steps, s999=ChangeSegment("vip", True, ()))
    journey, effects, _ = play(campaign)
    assert (journey.end, len(effects)) == ("completed", 1_002)


# --- laws


@st.composite
def trees(draw):
    """Campaigns of up to twelve steps, in which each step is led to by one other."""
    number = draw(st.integers(1, 12))
    above = {i: draw(st.integers(0, i - 1)) for i in range(1, number)}
    below = {i: [f"s{j}" for j, parent in above.items() if parent == i] for i in range(number)}
    steps = {}
    for i in range(number):
        kind = draw(st.sampled_from(["send", "wait", "change", "decide", "if"]))
        yes, no = tuple(below[i][::2]), tuple(below[i][1::2])
        steps[f"s{i}"] = {
            "send": Send("email", yes + no, template="t"),
            "wait": Wait(yes + no, lasting=HOUR * draw(st.integers(1, 3))),
            "change": ChangeSegment("vip", True, yes + no),
            "decide": Decide("page", yes, no, within=1_000 * HOUR, here=draw(st.booleans())),
            "if": If(CANADIANS, yes, no),
        }[kind]
    return campaign_of(["s0"], **steps)


def facts_of(draw, campaign):
    """What there is to hear: each message settled, each verdict, and for some decisions one behaviour."""
    facts = []
    for name, step in campaign.steps.items():
        hours = draw(st.integers(1, 20))
        match step:
            case Send():
                facts.append(sent(hours, name))
            case If():
                facts.append((Verdict(name, 1, draw(st.booleans())), at(hours)))
            case Decide() if draw(st.booleans()):
                facts.append((Heard((name,), at(hours), UUID(int=draw(st.integers(1, 9)))), at(hours)))
            case _:
                pass
    return facts


def hear_all(campaign, facts):
    """Hear behaviours in this order, and answers as soon as they are waited for; then let time pass."""
    journey, passed, effects = advance(campaign, outset(campaign, CONTACT), Entered(), NOON).journey, [], []
    passed += advance(campaign, outset(campaign, CONTACT), Entered(), NOON).passed
    waiting = list(facts)
    for _ in range(len(campaign.steps) + 1):
        for fact, now in list(waiting):
            if not isinstance(fact, Heard) and not journey_rests(journey, fact):
                continue
            waiting.remove((fact, now))
            outcome = advance(campaign, journey, fact, now)
            journey, passed, effects = (
                outcome.journey,
                [*passed, *outcome.passed],
                [*effects, *outcome.effects],
            )
        outcome = advance(campaign, journey, Woke(), at(500))
        journey, passed, effects = outcome.journey, [*passed, *outcome.passed], [*effects, *outcome.effects]
    return journey, passed, effects


def journey_rests(journey, fact):
    return fact.step in resting(journey)


@given(st.data())
def test_whatever_the_order_of_facts_before_the_deadline_the_ways_are_the_same(data):
    campaign = data.draw(trees())
    facts = facts_of(data.draw, campaign)
    journey, passed, effects = hear_all(campaign, facts)
    other, passed_too, _ = hear_all(campaign, data.draw(st.permutations(facts)))
    assert sorted(ways(passed)) == sorted(ways(passed_too))
    assert sorted(resting(journey)) == sorted(resting(other))
    assert len({effect.id for effect in effects}) == len(effects)


SIGNALS = (
    st.builds(lambda i, n: Heard((f"s{i}",), at(n), UUID(int=n + 1)), st.integers(0, 11), st.integers(0, 99))
    | st.builds(lambda i: Settled(f"s{i}", 1, "sent"), st.integers(0, 11))
    | st.builds(lambda i, holds: Verdict(f"s{i}", 1, holds), st.integers(0, 11), st.booleans())
    | st.builds(lambda n: Woke(at(n)), st.integers(0, 3_000))
    | st.just(Entered())
)


@given(trees(), st.lists(st.tuples(SIGNALS, st.integers(0, 400), st.booleans()), max_size=40))
def test_no_history_doubles_an_effect_or_loses_a_journey(campaign, history):
    journey, now, effects, passed = outset(campaign, CONTACT), NOON, [], []
    for signal, hours, at_rest in [(Entered(), 0, False), *history]:
        now += hours * HOUR
        for _ in range(2):  # each is heard twice
            outcome = advance(campaign, journey, signal, now, at_rest=at_rest)
            journey = outcome.journey
            effects += outcome.effects
            passed += outcome.passed
        assert bool(journey.open) == (journey.ended_at is None)
        assert len(resting(journey)) == len(set(resting(journey)))
    assert len(effects) == len({effect.id for effect in effects})
    assert len(passed) == len({(one.step, one.outcome == "late") for one in passed})
    assert sum(isinstance(effect, JourneyEnded) for effect in effects) == (journey.ended_at is not None)


@given(trees())
def test_a_journey_that_hears_answers_and_then_nothing_comes_to_its_end(campaign):
    journey = advance(campaign, outset(campaign, CONTACT), Entered(), NOON).journey
    for turn in range(1, len(campaign.steps) + 2):
        for name in resting(journey):
            match campaign.steps[name]:
                case Send():
                    signal = Settled(name, 1, "sent")
                case If():
                    signal = Verdict(name, 1, holds=True)
                case _:
                    signal = Woke(at(2_000 * turn))
            journey = advance(campaign, journey, signal, at(2_000 * turn)).journey
    assert journey.end == "completed"
