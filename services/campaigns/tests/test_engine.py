from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from canvass_campaigns.domain.engine import WrongVersion, advance, outset
from canvass_campaigns.domain.model import (
    Campaign,
    Position,
    SegmentSource,
    Send,
    Wait,
)
from canvass_campaigns.domain.signals import (
    Entered,
    Exited,
    JourneyBegan,
    JourneyEnded,
    Outcome,
    Settled,
    WantMessage,
    Woke,
)
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CONTACT = UUID(int=7)


def campaign_of(start, **steps):
    return Campaign("hot-leads", 1, "Hot leads", (SegmentSource("hot"),), tuple(start), steps)


def email(template, *following):
    return Send("email", following, template=template)


WELCOME = campaign_of(["welcome"], welcome=email("hello"))
STORY = campaign_of(
    ["welcome"],
    welcome=email("hello", "pause", "survey"),
    pause=Wait(("remind",), lasting=HOUR),
    survey=email("survey", "remind"),
    remind=email("reminder"),
)
SENT = Settled("welcome", 1, "sent")


def play(campaign, *signals, journey=None):
    """The journey after these signals, an hour apart, and all that they brought about."""
    journey, effects = journey or outset(campaign, CONTACT), []
    for hours, signal in enumerate(signals):
        outcome = advance(campaign, journey, signal, NOON + hours * HOUR)
        journey, effects = outcome.journey, [*effects, *outcome.effects]
    return journey, effects


def resting(journey):
    return [at.step for at in journey.open]


def test_who_enters_begins_and_rests_at_the_first_message():
    outcome = advance(WELCOME, outset(WELCOME, CONTACT), Entered(), NOON)
    began, wanted = outcome.effects
    assert isinstance(began, JourneyBegan)
    assert (wanted.send.template, wanted.send.message_class, wanted.visit) == ("hello", "marketing", 1)
    assert (resting(outcome.journey), outcome.journey.began_at, outcome.journey.ended_at) == (
        ["welcome"],
        NOON,
        None,
    )


@pytest.mark.parametrize("outcome", ["sent", "failed", "suppressed"])
def test_a_send_step_ends_when_its_message_is_settled_however_it_went(outcome):
    journey, effects = play(WELCOME, Entered(), Settled("welcome", 1, outcome))
    assert (journey.open, journey.ended_at, journey.end) == ((), NOON + HOUR, "completed")
    assert effects[-1] == JourneyEnded(uuid5(journey.id, "ended"), "completed")


@pytest.mark.parametrize(
    ("signals", "rests_at"),
    [
        ([Entered()], ["welcome"]),
        ([Entered(), Woke()], ["welcome"]),
        ([Entered(), SENT], ["pause", "survey"]),
        ([Entered(), SENT, Woke()], ["survey", "remind"]),
        ([Entered(), SENT, Settled("survey", 1, "sent")], ["pause", "remind"]),
        ([Entered(), SENT, Settled("survey", 1, "sent"), Woke()], ["remind"]),
        ([Entered(), SENT, Settled("survey", 1, "sent"), Woke(), Settled("remind", 1, "failed")], []),
    ],
)
def test_branches_run_side_by_side_and_meet_in_a_step_that_runs_once(signals, rests_at):
    journey, effects = play(STORY, *signals)
    assert resting(journey) == rests_at
    templates = [effect.send.template for effect in effects if isinstance(effect, WantMessage)]
    assert len(templates) == len(set(templates))


@pytest.mark.parametrize(
    "signal",
    [
        pytest.param(Entered(), id="entered a second time"),
        pytest.param(SENT, id="settled a second time"),
        pytest.param(Settled("survey", 2, "sent"), id="another visit of the step"),
        pytest.param(Settled("remind", 1, "sent"), id="a step not reached"),
        pytest.param(Settled("gone", 1, "sent"), id="a step that the campaign has not"),
        pytest.param(Settled("pause", 1, "sent"), id="a step that does not wait for messages"),
        pytest.param(Woke(), id="woken too early"),
    ],
)
def test_what_is_late_repeated_or_not_for_this_step_changes_nothing(signal):
    journey, _ = play(STORY, Entered(), SENT)
    outcome = advance(STORY, journey, signal, NOON + timedelta(minutes=90))
    assert outcome == Outcome(journey)
    assert outcome.journey is journey


def test_nothing_moves_before_the_contact_has_entered_or_after_the_end():
    ended, _ = play(WELCOME, Entered(), SENT)
    for journey, signals in [
        (outset(WELCOME, CONTACT), [SENT, Woke(), Exited("merged")]),
        (ended, [Entered(), SENT, Woke(), Exited("merged")]),
    ]:
        assert all(advance(WELCOME, journey, signal, NOON).journey is journey for signal in signals)


def test_when_to_wake_is_the_earliest_of_its_positions():
    campaign = campaign_of(
        ["a", "b", "c"], a=Wait((), lasting=2 * HOUR), b=Wait((), lasting=HOUR), c=email("hello")
    )
    journey, _ = play(campaign, Entered())
    assert journey.wakes_at == NOON + HOUR
    woken = advance(campaign, journey, Woke(), NOON + HOUR).journey
    assert (resting(woken), woken.wakes_at) == (["a", "c"], NOON + 2 * HOUR)
    assert resting(advance(campaign, journey, Woke(), NOON + 9 * HOUR).journey) == ["c"]


def test_an_exit_ends_the_journey_wherever_it_rests():
    journey, effects = play(STORY, Entered(), SENT, Exited("merged"))
    assert (journey.open, journey.wakes_at, journey.ended_at, journey.end) == (
        (),
        None,
        NOON + 2 * HOUR,
        "merged",
    )
    assert effects[-1].reason == "merged"


def test_another_version_is_refused():
    journey, _ = play(WELCOME, Entered())
    with pytest.raises(WrongVersion, match="version 1"):
        advance(replace(WELCOME, version=2), journey, SENT, NOON)


def test_ids_are_the_same_however_often_they_are_asked_and_differ_by_entry_and_contact():
    first, again = play(STORY, Entered(), SENT), play(STORY, Entered(), SENT)
    assert first == again
    others = [outset(STORY, CONTACT, 2), outset(STORY, UUID(int=8)), outset(replace(STORY, key="x"), CONTACT)]
    assert len({first[0].id, *(other.id for other in others)}) == 4
    _, (_, wanted) = play(WELCOME, Entered())
    assert wanted.id == uuid5(outset(WELCOME, CONTACT).id, "welcome/1")


# --- laws, over any campaign and any history


def hours(draw):
    return HOUR * draw(st.integers(1, 4))


@st.composite
def campaigns(draw):
    names = [f"s{i}" for i in range(draw(st.integers(1, 6)))]

    def after(i):
        later = st.sampled_from(names[i + 1 :])
        return draw(st.lists(later, max_size=3, unique=True).map(tuple)) if names[i + 1 :] else ()

    steps = {
        name: draw(
            st.sampled_from([email(name, *after(i)), Wait(after(i), lasting=HOUR * draw(st.integers(1, 4)))])
        )
        for i, name in enumerate(names)
    }
    start = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
    return campaign_of(start, **steps)


def settled(step, visit, outcome):
    return Settled(f"s{step}", visit, outcome)


SIGNALS = (
    st.sampled_from([Entered(), Woke(), Woke()])
    | st.builds(settled, st.integers(0, 6), st.integers(1, 2), st.sampled_from(["sent", "failed"]))
    | st.builds(Exited, st.just("merged"))
)
HISTORIES = st.lists(st.tuples(SIGNALS, st.integers(0, 3)), max_size=25)


@given(campaigns(), HISTORIES)
def test_no_history_wants_a_message_twice_or_leaves_a_journey_adrift(campaign, history):
    journey, now, effects = outset(campaign, CONTACT), NOON, []
    for signal, hours in history:
        now += hours * HOUR
        outcome = advance(campaign, journey, signal, now)
        assert advance(campaign, journey, signal, now) == outcome
        assert advance(campaign, outcome.journey, signal, now).journey is outcome.journey
        effects += outcome.effects
        journey = outcome.journey
        under_way = journey.began_at is not None and journey.ended_at is None
        assert bool(journey.open) == under_way
        assert (journey.ended_at is None) == (journey.end is None)
        assert all(at.visit == journey.visits[at.step] == 1 for at in journey.open)
    assert len(effects) == len({effect.id for effect in effects})
    wanted = [effect.send.template for effect in effects if isinstance(effect, WantMessage)]
    assert len(wanted) == len(set(wanted))
    assert sum(isinstance(effect, JourneyEnded) for effect in effects) == (journey.ended_at is not None)


@given(campaigns())
def test_a_journey_that_hears_all_it_waits_for_comes_to_its_end(campaign):
    journey, now = advance(campaign, outset(campaign, CONTACT), Entered(), NOON).journey, NOON
    for _ in campaign.steps:
        now += 9 * HOUR
        journey = advance(campaign, journey, Woke(), now).journey
        for at in journey.open:
            journey = advance(campaign, journey, Settled(at.step, at.visit, "sent"), now).journey
    assert journey.end == "completed"


def test_positions_show_where_a_branch_rests():
    journey, _ = play(STORY, Entered(), SENT)
    one = NOON + HOUR
    assert journey.open == (
        Position("pause", 1, one, one, wakes_at=NOON + 2 * HOUR),
        Position("survey", 1, one, one),
    )
