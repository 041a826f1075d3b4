"""What every fact shares."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from canvass_schemas.campaigns import CampaignPublished, CampaignPublishedData
from canvass_schemas.ids import derived, uuid7
from canvass_schemas.points import ScoreChanged, ScoreChangedData
from canvass_schemas.segments import ContactEntered, ContactLeft, MembershipData
from canvass_schemas.tracking import PageViewed, PageViewedData
from pydantic import ValidationError

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
PAGE = PageViewedData(message_id="m-1", contact_known=True, path="/pricing")
SCORE = ScoreChangedData(score=51, previous=41, revision=7)
HOT = MembershipData(segment="hot", revision=1)


def test_a_fact_without_a_cause_begins_a_chain():
    fact = PageViewed.of(PAGE, subject=(contact := uuid7()), time=NOON)
    assert (fact.specversion, fact.source, fact.type) == (
        "1.0",
        "/canvass/tracking",
        "tracking.page_viewed.v1",
    )
    assert (fact.subject, fact.time, fact.data, fact.id.version) == (contact, NOON, PAGE, 7)
    assert (fact.correlationid, fact.causationid, fact.hops, fact.traceparent) == (None, None, 0, None)


def test_a_chain_remembers_its_beginning_and_counts_its_hops():
    first = PageViewed.of(PAGE, subject=uuid7(), time=NOON, traceparent="00-aa-bb-01")
    second = ScoreChanged.of(SCORE, subject=first.subject, time=NOON, cause=first)
    third = ContactEntered.of(HOT, subject=first.subject, time=NOON, cause=second)
    assert [fact.hops for fact in (first, second, third)] == [0, 1, 2]
    assert [fact.correlationid for fact in (first, second, third)] == [None, first.id, first.id]
    assert [fact.causationid for fact in (first, second, third)] == [None, first.id, second.id]
    assert third.traceparent == "00-aa-bb-01"
    own = ScoreChanged.of(SCORE, subject=first.subject, time=NOON, cause=first, traceparent="00-cc-dd-01")
    assert own.traceparent == "00-cc-dd-01"


def test_a_derived_id_is_kept():
    effect = derived("journey", "welcome", 1)
    assert ContactEntered.of(HOT, subject=uuid7(), time=NOON, id=effect).id == effect


def test_a_fact_about_a_contact_names_it_and_others_need_not():
    with pytest.raises(ValidationError, match="subject"):
        PageViewed.of(PAGE, time=NOON)
    published = CampaignPublished.of(CampaignPublishedData(campaign="hot-leads", version=3), time=NOON)
    assert published.subject is None


@pytest.mark.parametrize(
    ("data", "time"),
    [
        pytest.param(PAGE, NOON.replace(tzinfo=None), id="a time without a zone"),
        pytest.param(SCORE, NOON, id="the payload of another fact"),
    ],
)
def test_what_is_no_such_fact_is_refused_when_it_is_made(data, time):
    with pytest.raises(ValidationError):
        PageViewed.of(data, subject=uuid7(), time=time)


def test_facts_and_their_payloads_are_frozen():
    fact = PageViewed.of(PAGE, subject=uuid7(), time=NOON)
    with pytest.raises(ValidationError, match="frozen"):
        fact.hops = 3
    with pytest.raises(ValidationError, match="frozen"):
        fact.data.path = "/"


def test_a_fact_can_be_told_of_the_contact_into_which_its_own_was_merged():
    fact = PageViewed.of(PAGE, subject=uuid7(), time=NOON)
    winner = uuid7()
    moved = fact.about(winner)
    assert (moved.subject, moved.id, moved.data) == (winner, fact.id, fact.data)
    assert fact.subject != winner


def test_entering_and_leaving_are_states_of_one_thing_and_scores_of_another():
    contact = UUID(int=1)
    entered = ContactEntered.of(HOT, subject=contact, time=NOON)
    left = ContactLeft.of(MembershipData(segment="hot", revision=2), subject=contact, time=NOON)
    elsewhere = ContactEntered.of(MembershipData(segment="cold", revision=1), subject=contact, time=NOON)
    score = ScoreChanged.of(SCORE, subject=contact, time=NOON)
    assert entered.key() == left.key() == (contact, "hot")
    assert len({entered.key(), elsewhere.key(), score.key()}) == 3
    assert (entered.revision, left.revision, score.revision) == (1, 2, 7)
