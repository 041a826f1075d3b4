"""What thresholds set off: what is wanted of others, by whom and how often."""

import pytest
from canvass_schemas.points import (
    ScoreChanged,
    ThresholdCrossed,
    TriggerMembershipWanted,
    TriggerMessageWanted,
)

from services.points.tests.conftest import (
    ANN,
    BOB,
    CAT,
    HOT,
    PRICING,
    REFUNDED,
    WEBINAR,
    merged,
    submitted,
    tracked,
    viewed,
)

EACH_TIME = {**HOT, "repeat": "each_time"}


@pytest.fixture
async def crossings(said):
    """Who has crossed which threshold since this was last asked: each wants one thing."""

    async def crossings():
        facts = await said()
        crossed = [fact for fact in facts if isinstance(fact, ThresholdCrossed)]
        wanted = [fact for fact in facts if isinstance(fact, TriggerMembershipWanted)]
        assert [(one.subject, one.data.trigger) for one in crossed] == [
            (one.subject, one.data.trigger) for one in wanted
        ]
        return [one.subject for one in crossed]

    return crossings


async def test_a_threshold_asks_for_all_that_its_trigger_wants(define, hear, said):
    await define("pricing", PRICING)
    wanted = [
        {"webhook": "crm", "values": {"stage": "Hot", "threshold": "a lot"}},
        {"notify": "sales", "template": "hot"},
        {"segment": "cold", "member": False},
    ]
    await define("hot", {**HOT, "do": wanted})
    last = viewed(ANN, minute=2, contact_revision=7)
    await hear(viewed(ANN, minute=3, path="/"), last, viewed(ANN, minute=1, contact_revision=8))
    facts = await said()
    assert {(fact.subject, fact.time, fact.causationid, fact.hops) for fact in facts} == {
        (ANN, last.time, last.id, 1)
    }
    [membership, webhook, notification, changed, crossed] = sorted(facts, key=_order)
    assert isinstance(changed, ScoreChanged)
    assert isinstance(crossed, ThresholdCrossed)
    assert (crossed.data.trigger, crossed.data.threshold, crossed.data.score) == ("hot", 20, 20)
    assert crossed.data.contact_revision == 8
    assert isinstance(membership, TriggerMembershipWanted)
    assert (membership.data.segment, membership.data.member) == ("cold", False)
    assert (webhook.data.channel, webhook.data.destination, webhook.data.template) == ("webhook", "crm", None)
    assert webhook.data.values == {"score": 20, "threshold": "a lot", "stage": "Hot"}
    assert (notification.data.channel, notification.data.destination) == ("notify", "sales")
    assert (notification.data.template, notification.data.values) == ("hot", {"score": 20, "threshold": 20})
    for request in (membership, webhook, notification):
        assert (request.data.trigger, request.contact_revision) == ("hot", 8)
        assert request.id == request.data.effect_id


def _order(fact):
    return fact.type, isinstance(fact, TriggerMessageWanted) and fact.data.channel == "notify"


async def test_a_trigger_is_set_off_once_for_ever(define, hear, crossings):
    await define("pricing", PRICING)
    await define("refunded", REFUNDED)
    await define("hot", HOT)
    await hear(viewed(ANN), viewed(ANN))
    assert await crossings() == [ANN]
    await hear(tracked(ANN))
    await hear(*(viewed(ANN) for _ in range(9)))
    assert await crossings() == []


async def test_a_trigger_may_be_set_off_each_time(define, hear, crossings):
    await define("pricing", PRICING)
    await define("refunded", REFUNDED)
    await define("hot", EACH_TIME)
    await hear(viewed(ANN), viewed(ANN), viewed(BOB))
    assert await crossings() == [ANN]
    await hear(viewed(ANN), viewed(ANN))
    assert await crossings() == []
    await hear(tracked(ANN))
    await hear(viewed(ANN))
    assert await crossings() == [ANN]


async def test_each_effect_has_an_id_of_its_own_that_is_never_another(define, hear, said):
    await define("pricing", PRICING)
    await define("refunded", {**REFUNDED, "delta": -20})
    await define("hot", {**EACH_TIME, "do": [{"segment": "a"}, {"segment": "b"}]})
    await define("warm", {**EACH_TIME, "at": 10})
    for _ in range(2):
        await hear(viewed(ANN), viewed(ANN), viewed(BOB), viewed(BOB))
        await hear(tracked(ANN), tracked(BOB))
    ids = [fact.id for fact in await said()]
    assert len(ids) == len(set(ids)) == 2 * 2 * (2 + 3 + 2)


async def test_what_is_heard_again_sets_nothing_off_again(define, hear, crossings):
    await define("pricing", PRICING)
    await define("hot", EACH_TIME)
    views = [viewed(ANN), viewed(ANN)]
    await hear(*views)
    await hear(*views)
    assert await crossings() == [ANN]


async def test_who_is_above_already_sets_nothing_off(define, hear, crossings):
    await define("pricing", PRICING)
    await define("refunded", REFUNDED)
    await hear(viewed(ANN), viewed(ANN))
    await define("hot", HOT)
    await hear(viewed(ANN))
    assert await crossings() == []
    await hear(tracked(ANN))
    await hear(viewed(ANN), viewed(ANN))
    assert await crossings() == [ANN]


async def test_a_trigger_that_rests_is_not_set_off(define, hear, crossings):
    await define("pricing", PRICING)
    await define("hot", {**HOT, "active": False})
    await hear(viewed(ANN), viewed(ANN))
    assert await crossings() == []


async def test_a_visitor_sets_off_nothing_until_it_is_known(define, hear, crossings):
    await define("pricing", PRICING)
    await define("hot", HOT)
    await hear(*(viewed(ANN, contact_known=False) for _ in range(3)))
    assert await crossings() == []
    await hear(viewed(ANN))
    assert await crossings() == [ANN]


async def test_a_visitor_that_is_somebody_known_sets_off_what_both_reached(define, hear, crossings, said):
    await define("pricing", PRICING)
    await define("hot", HOT)
    await hear(*(viewed(ANN, contact_known=False) for _ in range(3)), viewed(BOB, contact_revision=1))
    await said()
    merge = merged(ANN, BOB, revision=5)
    await hear(merge)
    [crossed] = [fact for fact in await said() if isinstance(fact, ThresholdCrossed)]
    assert (crossed.subject, crossed.data.score, crossed.data.contact_revision) == (BOB, 40, 5)
    assert crossed.causationid == merge.id


async def test_what_happened_long_ago_sets_nothing_off(define, hear, crossings):
    await define("pricing", PRICING)
    await define("hot", HOT)
    await hear(*(viewed(ANN) for _ in range(3)), lane="bulk")
    await hear(viewed(ANN))
    assert await crossings() == []


@pytest.mark.parametrize("trigger", [HOT, EACH_TIME])
async def test_what_a_loser_has_set_off_the_winner_has(define, hear, crossings, trigger):
    await define("pricing", PRICING)
    await define("hot", trigger)
    await hear(viewed(ANN), viewed(ANN), viewed(BOB))
    assert await crossings() == [ANN]
    await hear(merged(ANN, BOB))
    await hear(viewed(BOB))
    assert await crossings() == []


async def test_two_that_are_one_reach_more_together(define, hear, crossings):
    await define("pricing", PRICING)
    await define("hot", HOT)
    await hear(viewed(ANN), viewed(BOB), viewed(CAT))
    await hear(merged(ANN, CAT), merged(BOB, CAT))
    assert await crossings() == [CAT]


async def test_what_was_earned_once_by_both_does_not_reach_further(define, hear, crossings):
    await define("webinar", {**WEBINAR, "delta": 15})
    await define("hot", HOT)
    await hear(submitted(ANN), submitted(BOB))
    await hear(merged(ANN, BOB))
    assert await crossings() == []
