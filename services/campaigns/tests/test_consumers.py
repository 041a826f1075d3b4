from datetime import timedelta
from uuid import uuid4

import pytest
from canvass_campaigns.consumers import consumers
from canvass_campaigns.tables import campaigns, contacts, journeys, memberships
from canvass_schemas.campaigns import (
    CampaignPaused,
    JourneyEnded,
    JourneyEntered,
    MessageWanted,
)
from canvass_schemas.channels import (
    MessageFailed,
    MessageFailedData,
    MessageSent,
    MessageSentData,
    MessageSuppressed,
    MessageSuppressedData,
)
from canvass_schemas.ids import derived
from canvass_schemas.tracking import ContactMerged, ContactMergedData

from services.campaigns.tests.conftest import ANN, BOB, CAT, EMAIL, NOON, changed, entered, left


def answer(wanted, kind=MessageSent, data=MessageSentData, **more):
    copied = {
        name: getattr(wanted.data, name)
        for name in ("effect_id", "journey_id", "campaign", "step", "visit", "channel")
    } | {"wanted_by": "campaigns"}
    return kind.of(data(**copied, **more), subject=wanted.subject, time=NOON, cause=wanted)


def merged(loser, winner):
    data = ContactMergedData(into=winner, revision=2)
    return ContactMerged.of(data, subject=loser, time=NOON)


def test_exactly_what_the_catalogue_says_is_heard():
    consumers.check()


async def test_what_is_wanted_needs_the_contact_as_well_known_as_to_whoever_judged_it(publish, hear, said):
    await publish()
    await said()
    await hear(changed(ANN, 7), entered(ANN, contact_revision=9), changed(BOB, 7), entered(BOB))
    wanted = [fact for fact in await said() if isinstance(fact, MessageWanted)]
    assert {fact.subject: fact.data.contact_revision for fact in wanted} == {ANN: 9, BOB: 7}


async def test_who_enters_the_segment_begins_a_journey_that_wants_its_message(publish, hear, said, rows_of):
    await publish()
    await said()
    cause = entered(ANN)
    await hear(changed(ANN, 7), cause)
    began, wanted = sorted(await said(), key=lambda fact: fact.type)
    assert (type(began), type(wanted)) == (JourneyEntered, MessageWanted)
    assert (wanted.subject, wanted.causationid, wanted.hops, wanted.time) == (ANN, cause.id, 1, cause.time)
    assert (wanted.data.template, wanted.data.message_class, wanted.data.version) == (
        "welcome",
        "marketing",
        1,
    )
    assert wanted.data.contact_revision == 7
    assert wanted.data.effect_id == wanted.id
    (journey,) = await rows_of(journeys)
    assert (journey.contact_id, journey.campaign, journey.entry, journey.positions, journey.visits) == (
        ANN,
        "hot-leads",
        1,
        [["welcome", 1, None, None, NOON.isoformat(), NOON.isoformat()]],
        {"welcome": 1},
    )
    assert journey.journey_id == wanted.data.journey_id == began.data.journey_id


@pytest.mark.parametrize(
    "heard",
    [
        pytest.param([[entered(ANN)], [entered(ANN)]], id="one after the other"),
        pytest.param([[entered(ANN), entered(ANN)]], id="in one batch"),
        pytest.param([[entered(ANN, 1), entered(ANN, 3)]], id="entered again before the first was heard"),
        pytest.param([[left(ANN, 2)], [entered(ANN, 1)]], id="left is heard first"),
        pytest.param([[left(ANN, 2), entered(ANN, 1)]], id="left in the same batch"),
        pytest.param([[entered(ANN, 1)], [left(ANN, 2)], [entered(ANN, 3)]], id="it comes back"),
    ],
)
async def test_a_contact_walks_a_campaign_once_in_whatever_order_it_is_heard(
    publish, hear, said, rows_of, heard
):
    await publish()
    for batch in heard:
        await hear(*batch)
    assert len(await rows_of(journeys)) == 1
    assert len(await said(MessageWanted)) == 1
    (membership,) = await rows_of(memberships)
    newest = max((fact for batch in heard for fact in batch), key=lambda fact: fact.revision)
    assert (membership.revision, membership.member) == (newest.revision, "entered" in newest.type)


async def test_two_sources_lead_into_one_journey_and_one_source_into_two_campaigns(
    publish, hear, said, rows_of
):
    await publish("both", sources=[{"segment": "hot"}, {"segment": "warm"}])
    await publish("one")
    await hear(entered(ANN), entered(ANN, segment="warm"))
    assert sorted(row.campaign for row in await rows_of(journeys)) == ["both", "one"]
    assert len(await said(MessageWanted)) == 2


async def test_what_no_published_campaign_names_leaves_nothing(publish, hear, said, rows_of, statements):
    await publish()
    await said()
    statements.clear()
    await hear(entered(ANN, segment="cold"), left(BOB, segment="cold"))
    assert (await rows_of(journeys), await rows_of(memberships), await said()) == ([], [], [])


@pytest.mark.parametrize(
    ("kind", "data", "more"),
    [
        (MessageSent, MessageSentData, {}),
        (MessageFailed, MessageFailedData, {"reason": "550"}),
        (MessageSuppressed, MessageSuppressedData, {"reason": "no address"}),
    ],
)
async def test_a_journey_goes_on_when_its_message_is_settled_however_it_went(
    publish, hear, said, rows_of, kind, data, more
):
    steps = {"welcome": EMAIL | {"next": "again"}, "again": EMAIL | {"template": "again"}}
    await publish(steps=steps)
    await hear(entered(ANN))
    (wanted,) = await said(MessageWanted)
    settled = answer(wanted, kind, data, **more)
    await hear(settled)
    (second,) = await said(MessageWanted)
    assert (second.data.template, second.data.journey_id) == ("again", wanted.data.journey_id)
    assert (second.causationid, second.correlationid, second.hops) == (settled.id, wanted.correlationid, 3)
    await hear(settled, answer(second, kind, data, **more))
    (ended,) = await said()
    assert (type(ended), ended.data.reason) == (JourneyEnded, "completed")
    (journey,) = await rows_of(journeys)
    assert (journey.positions, journey.ended_at, journey.end_reason) == ([], NOON, "completed")


async def test_answers_to_both_branches_in_one_batch_are_both_taken(publish, hear, said, rows_of):
    steps = {"a": EMAIL, "b": EMAIL, "end": EMAIL}
    steps = {name: step | ({} if name == "end" else {"next": "end"}) for name, step in steps.items()}
    await publish(steps=steps, start=["a", "b"])
    await hear(entered(ANN))
    first, second = await said(MessageWanted)
    await hear(answer(first), answer(second))
    (third,) = await said(MessageWanted)
    assert third.data.step == "end"
    (journey,) = await rows_of(journeys)
    assert journey.visits == {"a": 1, "b": 1, "end": 1}


async def test_an_answer_to_a_journey_that_is_not_there_changes_nothing(publish, hear, said):
    await publish()
    await hear(entered(ANN))
    (wanted,) = await said(MessageWanted)
    stranger = wanted.data.model_copy(update={"journey_id": uuid4()})
    await hear(answer(wanted.model_copy(update={"data": stranger})))
    assert await said() == []


async def test_journeys_walk_on_through_the_version_that_they_began(publish, hear, said, rows_of):
    await publish(steps={"welcome": EMAIL | {"next": "again"}, "again": EMAIL | {"template": "old"}})
    await hear(entered(ANN))
    (wanted,) = await said(MessageWanted)
    assert await publish(steps={"hello": EMAIL | {"template": "new"}}) == 2
    await hear(entered(BOB), answer(wanted))
    of_both = {fact.subject: fact.data for fact in await said(MessageWanted)}
    assert (of_both[ANN].template, of_both[ANN].version) == ("old", 1)
    assert (of_both[BOB].template, of_both[BOB].version) == ("new", 2)


async def test_a_loop_pauses_the_campaigns_that_it_goes_through(publish, hear, said, rows_of):
    await publish("in-the-loop")
    await publish("elsewhere", sources=[{"segment": "cold"}])
    await said()
    await hear(entered(ANN, hops=32), entered(BOB, hops=31))
    (paused,) = await said(CampaignPaused)
    assert paused.data.campaign == "in-the-loop"
    assert "loop" in paused.data.reason
    assert "32 hops" in paused.data.reason
    statuses = {row.key: row.status for row in await rows_of(campaigns)}
    assert statuses == {"in-the-loop": "paused", "elsewhere": "published"}
    assert await rows_of(journeys) == []


async def test_a_loop_of_what_no_campaign_wanted_pauses_none(publish, hear, said):
    await publish()
    await said()
    names = {"effect_id": ANN, "wanted_by": "points", "channel": "webhook"}
    await hear(
        MessageSent.of(MessageSentData(**names), subject=ANN, time=NOON).model_copy(update={"hops": 32})
    )
    await hear(MessageSent.of(MessageSentData(**names), subject=ANN, time=NOON))
    assert await said() == []


async def test_a_loop_of_answers_pauses_their_campaign(publish, hear, said, rows_of):
    await publish()
    await hear(entered(ANN))
    (wanted,) = await said(MessageWanted)
    await hear(answer(wanted).model_copy(update={"hops": 32}))
    (paused,) = await said(CampaignPaused)
    assert paused.data.campaign == "hot-leads"


async def test_what_a_contact_walked_is_walked_by_the_one_that_it_turned_out_to_be(
    publish, hear, said, rows_of
):
    await publish()
    await hear(changed(ANN, 3), entered(ANN))
    (wanted,) = await said(MessageWanted)
    await hear(merged(ANN, BOB))
    (journey,) = await rows_of(journeys)
    assert (journey.contact_id, journey.journey_id) == (BOB, wanted.data.journey_id)
    await hear(answer(wanted), left(ANN, 4), entered(BOB, 1))
    (ended,) = await said()
    assert (type(ended), ended.subject) == (JourneyEnded, BOB)
    (membership,) = await rows_of(memberships)
    assert (membership.contact_id, membership.revision, membership.member) == (BOB, 1, True)


async def test_of_two_walks_of_one_campaign_the_losers_ends(publish, hear, said, rows_of):
    await publish()
    await hear(entered(ANN), entered(BOB), entered(CAT))
    wanted = {fact.subject: fact for fact in await said(MessageWanted)}
    await hear(merged(ANN, CAT), merged(BOB, CAT))
    ended = await said(JourneyEnded)
    assert {(fact.subject, fact.data.reason) for fact in ended} == {(ANN, "merged"), (BOB, "merged")}
    await hear(*(answer(one) for one in wanted.values()))
    (completed,) = await said()
    assert (completed.subject, completed.data.journey_id) == (CAT, wanted[CAT].data.journey_id)
    by_contact = {row.contact_id: row.end_reason for row in await rows_of(journeys)}
    assert by_contact == {ANN: "merged", BOB: "merged", CAT: "completed"}


async def test_two_losers_hand_one_walk_over(publish, hear, said, rows_of):
    await publish()
    await hear(entered(ANN), entered(BOB, at=NOON + timedelta(seconds=1)))
    await said()
    await hear(merged(ANN, CAT), merged(BOB, CAT))
    by_contact = {row.contact_id: row.end_reason for row in await rows_of(journeys)}
    assert by_contact == {CAT: None, BOB: "merged"}


async def test_a_contact_is_known_as_of_its_newest_revision(hear, rows_of):
    await hear(changed(ANN, 5))
    await hear(changed(ANN, 4), changed(BOB, 1))
    assert {row.contact_id: row.revision for row in await rows_of(contacts)} == {ANN: 5, BOB: 1}


async def test_a_batch_takes_as_many_statements_as_a_single_event(publish, hear, said, statements):
    await publish(steps={"welcome": EMAIL | {"next": "again"}, "again": EMAIL})
    taken = []
    for size, first in [(1, 100), (300, 1000)]:
        ids = [derived("contact", number) for number in range(first, first + size)]
        await hear(*(changed(id_) for id_ in ids))
        await said()
        counts = []
        statements.clear()
        await hear(*(entered(id_) for id_ in ids))
        counts.append(len(statements))
        wanted = await said(MessageWanted)
        assert len(wanted) == size
        statements.clear()
        await hear(*(answer(one) for one in wanted))
        counts.append(len(statements))
        statements.clear()
        await hear(*(left(id_) for id_ in ids))
        counts.append(len(statements))
        await said()
        taken.append(counts)
    few, many = taken
    assert [b - a for a, b in zip(few, many, strict=True)] == [-2, 0, 0]  # what is defined is read but once
    assert max(many) <= 13
