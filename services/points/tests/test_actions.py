"""What behaviours earn."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from canvass_points.domain.action_document import read_action
from canvass_points.domain.actions import Actions
from canvass_points.domain.model import Behaviour, Entry
from canvass_rules import matches
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ADA, BOB = UUID(int=1), UUID(int=2)


def action(path, delta=10, key=None, **more):
    return read_action(
        {"name": "x", "on": "page_viewed", "path": path, "delta": delta, **more}, key=key or path, revision=1
    )


def view(path, event=1, contact=ADA, minute=0, **properties):
    at = NOON + timedelta(minutes=minute)
    return Behaviour(UUID(int=event), contact, "page_viewed", at, {"path": path}, properties)


def done(kind, **details):
    return Behaviour(UUID(int=1), ADA, kind, NOON, details)


def test_a_behaviour_earns_what_each_action_that_it_is_says():
    actions = Actions(
        [
            action("/pricing", 10),
            action("/pricing", 2, key="again"),
            action("/p*", 1),
            action("/blog", 5),
        ]
    )
    earned = actions.earned([view("/pricing"), view("/blog", event=2), view("/", event=3)])
    assert {(entry.action, entry.delta) for entry in earned} == {
        ("/pricing", 10),
        ("again", 2),
        ("/p*", 1),
        ("/blog", 5),
    }
    assert Entry(ADA, UUID(int=1), "/pricing", 1, 10, NOON) in earned


@pytest.mark.parametrize(
    ("on", "asked", "meant", "other"),
    [
        ("event_tracked", {"event": "Order *"}, {"name": "Order Completed"}, {"name": "Signed Up"}),
        ("form_submitted", {"form": "webinar"}, {"form": "webinar"}, {"form": "newsletter"}),
        ("email_opened", {"where": {"template": "welcome"}}, {"template": "welcome"}, {"template": "bye"}),
        ("email_opened", {}, {"template": "bye", "campaign": None}, None),
        (
            "link_clicked",
            {"where": {"match": "all", "rules": [{"field": "url", "operator": "contains", "value": "/x"}]}},
            {"url": "https://example.com/x", "template": "welcome", "campaign": "c"},
            {"url": "https://example.com/y", "template": "welcome", "campaign": "c"},
        ),
    ],
)
def test_every_kind_of_behaviour_earns(on, asked, meant, other):
    actions = Actions([read_action({"name": "x", "on": on, "delta": 7, **asked}, key="k", revision=1)])
    assert actions.heard == {on}
    assert [entry.delta for entry in actions.earned([done(on, **meant)])] == [7]
    assert other is None or actions.earned([done(on, **other)]) == []


def test_pages_and_events_of_one_name_are_not_the_same():
    signed = {"name": "x", "on": "event_tracked", "event": "*", "delta": 7}
    assert Actions([read_action(signed, key="k", revision=1)]).earned([view("/pricing")]) == []


def test_properties_are_asked_beside_the_name():
    large = {"match": "all", "rules": [{"field": "properties.total", "operator": ">", "value": 500}]}
    actions = Actions([action("/order", where=large)])
    views = [view("/order", 1, total=501), view("/order", 2, total=500), view("/", 3, total=900)]
    assert [entry.event_id for entry in actions.earned(views)] == [UUID(int=1)]


def test_what_is_earned_once_is_earned_by_the_earliest_of_a_batch():
    actions = Actions([action("/pricing", repeat="once")])
    views = [view("/pricing", 1, minute=5), view("/pricing", 2), view("/pricing", 3, BOB, minute=9)]
    assert [(entry.contact_id, entry.event_id, entry.once) for entry in actions.earned(views)] == [
        (ADA, UUID(int=2), True),
        (BOB, UUID(int=3), True),
    ]


def test_what_rests_hears_nothing():
    assert Actions([action("/pricing", active=False)]).heard == set()


NAMES = st.sampled_from(["/a", "/a/b", "/b", ""])
WHERE = st.one_of(
    st.just({}),
    NAMES.map(lambda path: {"path": path}),
    st.tuples(st.sampled_from(["all", "any", "none"]), NAMES, NAMES).map(
        lambda drawn: {
            "match": drawn[0],
            "rules": [{"field": "path", "operator": "=", "value": path} for path in drawn[1:]],
        }
    ),
)


@given(st.lists(WHERE, max_size=5), NAMES)
def test_the_index_finds_what_looking_at_every_action_would(wheres, path):
    document = {"name": "x", "on": "page_viewed", "delta": 1}
    actions = [
        read_action({**document, "where": where}, key=str(number), revision=1)
        for number, where in enumerate(wheres)
    ]
    meant = {one.key for one in actions if matches(one.where, {"path": path})}
    assert {one.key for one in Actions(actions).meaning(view(path))} == meant


def test_a_behaviour_heard_twice_earns_once():
    assert len(Actions([action("/pricing")]).earned([view("/pricing"), view("/pricing")])) == 1


def test_without_actions_nothing_is_earned():
    assert Actions([]).earned([view("/pricing")]) == []
