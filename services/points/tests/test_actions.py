import re
import time
from datetime import UTC, datetime
from uuid import UUID

import pytest
from canvass_points.domain.actions import Actions
from canvass_points.domain.model import MAX_NAME, Action, Behaviour, Entry
from canvass_points.domain.paths import matches
from hypothesis import given
from hypothesis import strategies as st

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ADA = UUID(int=1)


def action(path, delta=10, key=None):
    return Action(key or path, 1, "page_viewed", path, delta)


def view(path, event=1):
    return Behaviour(UUID(int=event), ADA, "page_viewed", path, NOON)


@pytest.mark.parametrize(
    ("pattern", "path", "means"),
    [
        ("/pricing", "/pricing", True),
        ("/pricing", "/pricing/", False),
        ("/pricing", "/Pricing", False),
        ("/blog/*", "/blog/", True),
        ("/blog/*", "/blog/2026/hello", True),
        ("/blog/*", "/blog", False),
        ("*", "", True),
        ("*/pricing", "/en/pricing", True),
        ("/*/pricing", "/pricing", False),
        ("/a*a", "/a", False),
        ("/a*a", "/aa", True),
        ("/a*b*c", "/a-b-c", True),
        ("/a*b*c", "/a-c-b", False),
        ("/a**c", "/ac", True),
        ("/a?c.+", "/abcd", False),
        ("/a?c.+", "/a?c.+", True),
    ],
)
def test_which_paths_a_pattern_means(pattern, path, means):
    assert matches(pattern, path) is means


TEXT = st.text("ab/*", max_size=8)


@given(TEXT, TEXT)
def test_a_pattern_means_what_a_regular_expression_would(pattern, path):
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert matches(pattern, path) is bool(re.fullmatch(expression, path, re.DOTALL))


def test_the_worst_pattern_on_the_longest_path_takes_no_time():
    pattern = "*a" * (MAX_NAME // 2 - 1) + "*b"
    began = time.process_time()
    assert not matches(pattern, "a" * 100_000)
    assert not matches("*" + "a" * 400 + "b*", "a" * 100_000)
    assert time.process_time() - began < 0.5


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


def test_pages_and_events_of_one_name_are_not_the_same():
    signed = Action("signed", 1, "event_tracked", "*", 7)
    assert Actions([signed]).earned([view("/pricing")]) == []
    event = Behaviour(UUID(int=1), ADA, "event_tracked", "Signed Up", NOON)
    assert [entry.delta for entry in Actions([signed]).earned([event])] == [7]


def test_a_behaviour_heard_twice_earns_once():
    assert len(Actions([action("/pricing")]).earned([view("/pricing"), view("/pricing")])) == 1


def test_without_actions_nothing_is_earned():
    assert Actions([]).earned([view("/pricing")]) == []
