"""The arithmetic and the paperwork of the bench. Nothing is timed here."""

import json
from dataclasses import replace
from itertools import islice

import pytest
from canvass_cli.places import CHECKOUT

from tests.bench import posting, report
from tests.bench.children import events
from tests.bench.figure import Definition, Measured
from tests.bench.figures import FIGURES
from tests.bench.figures.idle import nearest

RATIO = Definition("taken", "events/s", "what", floor=0.3, goal=0.5, limit="the limit")
LEAST = Definition("idle", "% CPU", "what", floor=3, goal=1, less_is_better=True)
DEFINITIONS = [definition for figure in FIGURES for definition in figure.definitions]


def test_the_median_of_the_rounds_stands_for_all_and_is_divided_by_that_of_the_limits():
    measured = Measured(RATIO, [90, 100, 500], [200, 180, 1000])
    assert (measured.value, measured.limit, measured.ratio) == (100, 200, 0.5)
    assert measured.spread == pytest.approx(4.1)


@pytest.mark.parametrize(
    ("definition", "value", "met"),
    [
        (RATIO, 50, "goal"),
        (RATIO, 30, "floor"),
        (RATIO, 29, "missed"),
        (LEAST, 0.99, "goal"),
        (LEAST, 1, "floor"),
        (LEAST, 3, "missed"),
        (replace(RATIO, limit=None, floor=8000, goal=20000), 8000, "floor"),
    ],
)
def test_a_floor_is_reached_by_the_ratio_where_there_is_a_limit_else_by_the_value(definition, value, met):
    assert Measured(definition, [value], [100] if definition.limit else []).met == met


def test_the_file_for_programs_has_one_entry_a_figure_of_just_these_fields(tmp_path):
    file = tmp_path / "new" / "bench.json"
    report.write(file, {"an older run": {}})
    report.write(file, report.figures([Measured(RATIO, [1234.567], [4000]), Measured(LEAST, [0.5])]))
    assert json.loads(file.read_text()) == {
        "taken": {
            "value": 1235,
            "unit": "events/s",
            "limit": 4000,
            "ratio": 0.3086,
            "floor": 0.3,
            "goal": 0.5,
        },
        "idle": {"value": 0.5, "unit": "% CPU", "limit": None, "ratio": None, "floor": 3, "goal": 1},
    }
    assert list(file.parent.iterdir()) == [file]


def test_the_table_for_people_says_what_is_met():
    heads, taken, idle = report.table(
        [Measured(RATIO, [1100, 1200, 1300], [4000]), Measured(LEAST, [3.2])]
    ).splitlines()
    assert heads.split() == ["name", "value", "unit", "spread", "limit", "ratio", "floor", "goal", "met?"]
    assert taken.split() == ["taken", "1,200", "events/s", "±8%", "4,000", "0.300", "0.3", "0.5", "floor"]
    assert idle.split() == ["idle", "3.20", "%", "CPU", "<", "3", "<", "1", "missed"]


def test_floors_and_goals_are_those_of_the_design():
    assert {one.name: (one.floor, one.goal) for one in DEFINITIONS} == {
        "idle": (3, 1),
        "idle_memory": (150, 110),
        "ingest_single": (0.30, 0.5),
        "ingest_batched": (0.06, 0.15),
        "bus": (8_000, 20_000),
        "reaction_p50_ms": (120, 60),
        "reaction_p99_ms": (300, 150),
        "actions_per_second": (600, 2_000),
        "burst": (1_200, 4_000),
    }


def test_the_documentation_defines_every_figure_as_it_is_measured():
    page = (CHECKOUT / "docs" / "benchmarks.md").read_text()
    assert report.definitions(DEFINITIONS) in page, "paste in what `python -m tests.bench --definitions` says"


def test_channels_may_use_more_memory_than_the_others():
    assert nearest({"points": 140, "channels": 160}).met == "floor"
    assert nearest({"points": 140, "channels": 160}).value == 140
    assert nearest({"points": 100, "channels": 179}).definition.floor == 180


def test_an_answer_that_comes_in_pieces_is_waited_for():
    answer = b"HTTP/1.1 200 OK\r\ndate: now\r\nContent-Length: 16\r\n\r\n" + b'{"success":true}'
    assert posting.answer_length(answer[:20]) is None
    assert posting.answer_length(answer[:-10]) == posting.answer_length(answer) == len(answer)


def test_events_are_told_apart_by_their_ids_and_one_in_ten_is_of_a_new_visitor():
    posted = [
        json.loads(body)["batch"] for body in islice(events.batches("run", "2026-01-31T10:00:00Z", 100), 20)
    ]
    flat = [event for batch in posted for event in batch]
    assert len({event["messageId"] for event in flat}) == len(flat) == 2000
    assert len({event["anonymousId"] for event in flat if event["anonymousId"].startswith("new")}) == 200
    single = json.loads(next(events.singles("other", "2026-01-31T10:00:00Z")))
    assert single["messageId"] not in {event["messageId"] for event in flat}
