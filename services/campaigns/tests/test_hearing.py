"""Behaviours, verdicts and audiences, heard and followed as far as the journeys' rows and what is said."""

from datetime import timedelta

import pytest
from canvass_campaigns.store import due
from canvass_campaigns.tables import arrivals, journeys, memberships, memory, messaging, passages
from canvass_campaigns.timers import (
    Decisions,
    forget_memory,
    let_in,
    sum_tallies,
    wake_journeys,
)
from canvass_campaigns.use_cases import defining
from canvass_messaging import watermarks
from canvass_schemas.campaigns import (
    AudienceWanted,
    JourneyEntered,
    MessageWanted,
    StepMembershipWanted,
    VerdictWanted,
)
from canvass_schemas.ids import derived
from canvass_schemas.said_through import SaidThroughData, TrackingSaidThrough
from canvass_schemas.tracking import ContactMerged, ContactMergedData
from sqlalchemy import func, select, update

from services.campaigns.tests.conftest import ANN, BOB, CAT, EMAIL, NOON, changed, entered, left
from services.campaigns.tests.facts import (
    audience,
    clicked,
    opened,
    page,
    sent,
    submitted,
    tracked,
    verdict,
)

HOUR = timedelta(hours=1)
SMS = {"do": "send_sms", "template": "thanks"}
STORY = {
    "welcome": EMAIL | {"next": ["opened", "clicked"]},
    "opened": {"decide": "opened", "of": "welcome", "within": "P3D", "yes": "thanks", "no": "remind"},
    "clicked": {"decide": "clicked", "of": "welcome", "url": "*/x", "within": "P3D", "yes": "pause"},
    "pause": {"do": "wait", "for": "PT4H", "next": "code"},
    "thanks": SMS,
    "code": SMS | {"template": "code", "values": {"percent": 20}},
    "remind": EMAIL | {"template": "reminder"},
}
PAGE = {"page": {"decide": "page", "path": "/pricing*", "within": "P1D", "yes": "thanks"}, "thanks": SMS}


decide_journeys = Decisions(known_for=0)


@pytest.fixture
def said_through(database):
    async def said_through(at):
        async with database.transaction() as tx:
            fact = TrackingSaidThrough.of(SaidThroughData(at=at), time=at)
            await watermarks.advance(tx, messaging.watermarks, [fact])

    return said_through


@pytest.fixture
def unpublish(database):
    async def unpublish():
        async with database.transaction() as tx:
            await defining.unpublish(tx, "hot-leads")

    return unpublish


@pytest.fixture
async def welcomed(publish, hear, said):
    """Ann has been sent the welcome e-mail of the story."""
    await publish(steps=STORY)
    await hear(entered(ANN))
    (wanted,) = await said(MessageWanted)
    await hear(sent(wanted))
    await said()
    return wanted


async def test_an_opening_brings_the_thanks_and_a_click_the_code_hours_later(welcomed, hear, said, rows_of):
    reaction = opened(welcomed, at=NOON + HOUR)
    await hear(reaction)
    (thanks,) = await said(MessageWanted)
    assert (thanks.data.channel, thanks.data.template, thanks.causationid) == ("sms", "thanks", reaction.id)
    await hear(clicked(welcomed, at=NOON + 2 * HOUR))
    (journey,) = await rows_of(journeys)
    assert journey.wakes_at == NOON + 6 * HOUR
    steps = [(row.step, row.outcome) for row in await rows_of(passages, passages.c.at)]
    assert steps == [("welcome", "sent"), ("opened", "yes"), ("clicked", "yes")]


async def test_who_clicks_has_opened(welcomed, hear, said):
    await hear(clicked(welcomed, url="https://shop.example/other", at=NOON + HOUR))
    assert [fact.data.step for fact in await said(MessageWanted)] == ["thanks"]


async def test_a_reaction_to_the_message_of_another_journey_is_no_answer(welcomed, hear, said):
    await hear(entered(BOB))
    (other,) = await said(MessageWanted)
    await hear(opened(other.about(ANN), at=NOON + HOUR))
    assert await said(MessageWanted) == []


async def test_the_reminder_waits_until_tracking_has_said_all(
    welcomed, database, hear, said, said_through, rows_of
):
    after = NOON + timedelta(days=3, hours=1)
    assert await decide_journeys(database, after) == 0
    await said_through(NOON + timedelta(days=3, seconds=1))
    assert await decide_journeys(database, after) == 0
    await said_through(NOON + timedelta(days=3, seconds=2))
    assert await decide_journeys(database, after) == 1
    (wanted,) = await said(MessageWanted)
    assert (wanted.data.template, wanted.time) == ("reminder", after)
    await hear(opened(welcomed, at=NOON + timedelta(days=2)))
    assert await said(MessageWanted) == []
    late = [row for row in await rows_of(passages) if row.outcome == "late"]
    assert [(row.step, row.happened_at) for row in late] == [("opened", NOON + timedelta(days=2))]


async def test_a_behaviour_that_failed_here_holds_up_the_no_of_its_own_contact(
    welcomed, database, hear, said, said_through
):
    await hear(entered(BOB))
    (wanted,) = await said(MessageWanted)
    await hear(sent(wanted))
    failed = opened(welcomed, at=NOON + HOUR)
    row = {
        "id": failed.id,
        "lane": "live",
        "type": failed.type,
        "body": b"",
        "error": "",
        "contact_id": ANN,
        "first_at": failed.time,
        "next_at": failed.time,
    }
    async with database.transaction() as tx:
        await tx.execute(messaging.retries.insert().values(row))
    await said_through(NOON + timedelta(days=4))
    assert await decide_journeys(database, NOON + timedelta(days=4)) == 1
    assert [fact.subject for fact in await said(MessageWanted)] == [BOB]
    async with database.transaction() as tx:
        await tx.execute(messaging.retries.delete())
    assert await decide_journeys(database, NOON + timedelta(days=4)) == 1


async def test_an_opening_that_overtook_its_sending_counts(publish, hear, said):
    await publish(steps=STORY)
    await hear(entered(ANN))
    (wanted,) = await said(MessageWanted)
    await hear(opened(wanted, at=NOON + HOUR))
    assert await said() == []
    await hear(sent(wanted))
    assert [fact.data.step for fact in await said(MessageWanted)] == ["thanks"]


@pytest.mark.parametrize("batches", [1, 2])
async def test_a_behaviour_heard_before_its_journey_began_counts(publish, hear, said, rows_of, batches):
    await publish(steps=PAGE)
    facts = [page(ANN, "/pricing/teams", at=NOON + HOUR), entered(ANN)]
    for batch in [facts] if batches == 1 else [[fact] for fact in facts]:
        await hear(*batch)
    assert [fact.data.step for fact in await said(MessageWanted)] == ["thanks"]


async def test_only_what_came_after_the_entry_counts_and_memory_fades(database, publish, hear, said, rows_of):
    await publish(steps=PAGE)
    await hear(page(ANN, at=NOON - HOUR), page(BOB, "/blog"))
    assert [(row.contact_id, row.step) for row in await rows_of(memory)] == [(ANN, "page")]
    await hear(entered(ANN))
    assert await said(MessageWanted) == []
    assert await forget_memory(database, NOON) == 0
    async with database.transaction() as tx:
        await tx.execute(update(memory).values(heard_at=func.now() - timedelta(minutes=16)))
    assert await forget_memory(database, NOON) == 1


async def test_what_a_merged_contact_did_lately_its_winner_has_done(publish, hear, said):
    await publish(steps=PAGE)
    await hear(entered(ANN), page(BOB, at=NOON + HOUR))
    await said()
    await hear(ContactMerged.of(ContactMergedData(into=ANN, revision=2), subject=BOB, time=NOON + 2 * HOUR))
    assert [(fact.subject, fact.data.step) for fact in await said(MessageWanted)] == [(ANN, "thanks")]


async def test_what_is_behind_a_journey_goes_with_it_and_stays_with_one_that_is_over(
    client, welcomed, hear, said
):
    await hear(opened(welcomed, at=NOON + HOUR), entered(CAT, at=NOON + HOUR))
    (other,) = [fact for fact in await said(MessageWanted) if fact.subject == CAT]
    await hear(sent(other))
    for loser, at in [(ANN, NOON + 2 * HOUR), (CAT, NOON + 3 * HOUR)]:
        await hear(ContactMerged.of(ContactMergedData(into=BOB, revision=2), subject=loser, time=at))
    walks = (await client.get(f"/contacts/{ANN}/journeys")).json()["items"]
    assert [walk["contact_id"] for walk in walks] == [str(BOB)]
    for journey_id, steps in [
        (welcomed.data.journey_id, ["welcome", "opened"]),
        (other.data.journey_id, ["welcome"]),
    ]:
        journey = (await client.get(f"/journeys/{journey_id}")).json()
        assert [one["step"] for one in journey["timeline"]] == steps


async def test_what_nobody_listens_for_takes_one_look_and_leaves_nothing(publish, hear, rows_of, statements):
    await publish(steps=PAGE)
    await hear(page(ANN))
    await hear(tracked(ANN))
    statements.clear()
    await hear(tracked(ANN), tracked(BOB))
    ours = [one for one in statements if "journeys" in one or "memory" in one]
    assert ours == []


@pytest.mark.parametrize(
    ("source", "inside", "outside"),
    [
        ({"form": "webinar"}, submitted(ANN), submitted(ANN, "other")),
        (
            {"event": "Order Completed", "where": {"properties.plan": "pro"}},
            tracked(ANN, "Order Completed", plan="pro"),
            tracked(ANN, "Order Completed", plan="free"),
        ),
    ],
)
async def test_forms_and_events_lead_into_campaigns(publish, hear, said, rows_of, source, inside, outside):
    await publish(sources=[source])
    await said()
    await hear(outside)
    assert await said() == []
    await hear(inside, inside)
    began, wanted = sorted(await said(), key=lambda fact: fact.type)
    assert (type(began), wanted.causationid, wanted.time) == (JourneyEntered, inside.id, inside.time)
    (journey,) = await rows_of(journeys)
    assert journey.began_by == inside.id


async def test_what_is_old_imported_or_of_a_stranger_begins_nothing(database, publish, hear, said, clock):
    await publish(sources=[{"event": "Signed up"}])
    await said()
    await hear(tracked(ANN, at=clock.now() - timedelta(hours=73)), tracked(BOB, known=False))
    await hear(tracked(ANN), lane="bulk")
    assert await said() == []
    await hear(tracked(ANN, at=clock.now() - timedelta(hours=71)))
    assert len(await said(JourneyEntered)) == 1
    await publish("of-segment")
    await hear(entered(ANN, at=clock.now() - timedelta(hours=73)), entered(BOB), lane="bulk")
    assert [fact.subject for fact in await said(JourneyEntered)] == [BOB]


async def test_what_a_behaviour_brings_needs_the_contact_as_well_known_as_to_tracking(publish, hear, said):
    await publish(steps=PAGE)
    await hear(changed(ANN, 2), entered(ANN), page(ANN, at=NOON + HOUR, contact_revision=9))
    (wanted,) = await said(MessageWanted)
    assert wanted.data.contact_revision == 9


async def test_a_condition_asks_segments_and_keeps_the_values_behind_the_verdict(
    publish, hear, said, rows_of
):
    rules = {"match": "all", "rules": [{"field": "country", "operator": "=", "value": "CA"}]}
    steps = {
        "canadian": {"if": rules, "yes": "vip", "no": "thanks"},
        "vip": {"do": "change_segment", "segment": "vip", "next": "thanks"},
        "thanks": SMS,
    }
    await publish(steps=steps)
    await hear(changed(ANN, 4), entered(ANN))
    (wanted,) = await said(VerdictWanted)
    assert (wanted.data.rules, wanted.data.contact_revision) == (rules, 4)
    await hear(verdict(wanted, True, country="CA"), verdict(wanted, True, country="CA"))
    facts = await said(StepMembershipWanted, MessageWanted)
    assert sorted(fact.data.step for fact in facts) == ["thanks", "vip"]
    (membership,) = [fact for fact in facts if isinstance(fact, StepMembershipWanted)]
    assert (membership.data.segment, membership.data.member) == ("vip", True)
    of_steps = {row.step: (row.outcome, row.values) for row in await rows_of(passages)}
    assert of_steps == {"canadian": ("yes", {"country": "CA"}), "vip": ("changed", None)}


async def test_webhooks_and_notices_are_wanted_with_their_destinations(publish, hear, said):
    steps = {
        "crm": {"do": "webhook", "destination": "crm", "values": {"stage": "Hot"}, "next": "sales"},
        "sales": {"do": "notify", "destination": "sales"},
    }
    await publish(steps=steps, start=["crm", "sales"])
    await hear(entered(ANN))
    wanted = {fact.data.step: fact.data for fact in await said(MessageWanted)}
    assert (wanted["crm"].channel, wanted["crm"].destination) == ("webhook", "crm")
    assert (wanted["crm"].values, wanted["crm"].message_class) == ({"stage": "Hot"}, "transactional")
    assert (wanted["sales"].channel, wanted["sales"].template) == ("notify", None)


async def test_who_is_in_the_segment_at_publishing_enters_but_not_who_has_left_since(
    database, publish, hear, said, rows_of
):
    await publish()
    (asked,) = await said(AudienceWanted)
    await hear(left(BOB, revision=5))
    await hear(audience(asked, (ANN, 1), (BOB, 4)), lane="bulk")
    assert await said() == []
    assert await let_in(database, NOON) == 2
    (wanted,) = await said(MessageWanted)
    assert (wanted.subject, wanted.data.contact_revision) == (ANN, 3)
    assert await let_in(database, NOON) == 0
    assert await rows_of(arrivals) == []
    known = {row.contact_id: (row.member, row.revision) for row in await rows_of(memberships)}
    assert known == {ANN: (True, 1), BOB: (False, 5)}


async def test_who_arrives_at_a_campaign_at_rest_waits_for_its_publishing(
    database, publish, unpublish, hear, said
):
    await publish()
    (asked,) = await said(AudienceWanted)
    await unpublish()
    await hear(audience(asked, (ANN, 1)), lane="bulk")
    assert await let_in(database, NOON) == 0
    await publish()
    assert await let_in(database, NOON) == 1
    assert len(await said(JourneyEntered)) == 1


async def test_an_answer_that_comes_while_the_campaign_rests_is_followed_after_it(
    welcomed, database, publish, unpublish, hear, said
):
    await unpublish()
    await said()
    await hear(opened(welcomed, at=NOON + HOUR))
    assert await said() == []
    assert await wake_journeys(database, NOON + 2 * HOUR) == 0
    await publish(steps=STORY)
    assert await wake_journeys(database, NOON + 2 * HOUR) == 1
    assert [fact.data.step for fact in await said(MessageWanted)] == ["thanks"]


async def test_journeys_walk_the_new_version_from_where_they_rest(welcomed, publish, hear, said, rows_of):
    thanks = SMS | {"template": "many-thanks"}
    assert await publish(steps=STORY | {"thanks": thanks}) == 2
    await hear(opened(welcomed, at=NOON + HOUR))
    (wanted,) = await said(MessageWanted)
    assert (wanted.data.template, wanted.data.version) == ("many-thanks", 2)
    (journey,) = await rows_of(journeys)
    assert journey.version == 2
    await publish(steps={"welcome": EMAIL, **PAGE, "start": EMAIL}, start=["welcome", "page", "start"])
    await hear(clicked(welcomed, at=NOON + 2 * HOUR))
    assert {row.version for row in await rows_of(journeys)} == {2}


async def test_how_far_was_heard_counts_when_it_has_been_known_for_a_while(welcomed, database, said_through):
    decisions, after = Decisions(known_for=2), NOON + timedelta(days=4)
    await said_through(after)
    assert await decisions(database, after) == 0
    decisions = Decisions(known_for=2)
    told = [(0.0, NOON), (1.5, NOON + HOUR), (2.5, after), (3.6, after), (4.5, after)]
    assert [decisions._certain(through, moment) for moment, through in told] == [
        None,
        None,
        NOON,
        NOON + HOUR,
        after,
    ]


async def test_when_a_decision_is_due_depends_on_how_far_tracking_has_spoken(
    welcomed, database, said_through
):
    due_in_days = timedelta(days=3, seconds=2)
    async with database.transaction() as tx:
        assert await tx.scalar(due.next_deciding(NOON)) is None
    for through, now in [(NOON, NOON + HOUR), (NOON + 9 * HOUR, NOON)]:
        await said_through(through)
        async with database.transaction() as tx:
            assert await tx.scalar(due.next_deciding(now)) == due_in_days.total_seconds()


async def test_counts_are_summed_up_without_a_change(database, client, publish, hear):
    await publish()
    ids = [derived("contact", number) for number in range(60)]
    for id_ in ids:
        await hear(entered(id_))
    before = (await client.get("/campaigns/hot-leads/numbers")).json()
    assert (before["entered"], before["under_way"], before["steps"][0]["waiting"]) == (60, 60, 60)
    assert await sum_tallies(database, NOON) > 60
    assert (await client.get("/campaigns/hot-leads/numbers")).json() == before
    assert await sum_tallies(database, NOON) == 0


async def test_a_step_that_is_behind_a_journey_takes_no_more_than_150_bytes(welcomed, database, hear):
    await hear(opened(welcomed, at=NOON + HOUR))
    async with database.transaction() as tx:
        sizes = await tx.scalars(select(func.pg_column_size(passages.table_valued())))
    assert 0 < max(sizes) <= 150


async def test_a_batch_of_behaviours_takes_as_many_statements_as_one(publish, hear, said, statements):
    await publish(steps=PAGE)
    taken = []
    for size, first in [(1, 100), (200, 1_000)]:
        ids = [derived("contact", number) for number in range(first, first + size)]
        await hear(*(entered(id_) for id_ in ids))
        statements.clear()
        await hear(*(page(id_, at=NOON + HOUR) for id_ in ids))
        taken.append(len(statements))
        assert len(await said(MessageWanted)) == size
    assert taken[0] == taken[1] <= 12
